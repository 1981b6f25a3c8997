// Where tenants are at home, as this region's database says, remembered for a moment: SQL decides at every write, so that an answer that is too old costs a
// second look, never a wrong write.
// Limits: AGE_MS_MAX; TENANTS_MAX are remembered.
import type { TenantHome, TopologyReader } from '@singularity-workflow/core';

const AGE_MS_MAX = 1_000;
const TENANTS_MAX = 10_000;

export interface HomesParts {
  /** Null: one region alone. */
  readonly reader: Pick<TopologyReader, 'homes' | 'copiesAsOf'> | null;
  /** The region of a home that has no name. */
  readonly region: () => string;
  readonly nowMs?: () => number;
}

/** A home with a name, where there is one. */
export interface Home {
  /** Null: nobody knows the tenant, in a mesh with zones. */
  readonly region: string | null;
  readonly here: boolean;
  readonly zone: string;
  /** All that was committed there before is here. Null: of that moment (it is here), or not known. */
  readonly asOf: Date | null;
}

export class Homes {
  private readonly known = new Map<string, { home: Home; atMs: number }>();
  private copies: { asOf: Date | null; foreign: boolean; atMs: number } | null = null;
  private readonly nowMs: () => number;

  constructor(private readonly parts: HomesParts) {
    this.nowMs = parts.nowMs ?? (() => performance.now());
  }

  /** Of each of these tenants. `fresh`: ask again. */
  async ofAll(tenants: readonly string[], { fresh = false } = {}): Promise<Map<string, Home>> {
    const { reader } = this.parts;
    if (reader === null) return new Map(tenants.map((tenant) => [tenant, this.alone()]));
    const nowMs = this.nowMs();
    const wanted = [...new Set(tenants)];
    const isKnown = (tenant: string): boolean => !fresh && nowMs - (this.known.get(tenant)?.atMs ?? -Infinity) < AGE_MS_MAX;
    const homes = new Map<string, Home>();
    for (const tenant of wanted.filter(isKnown)) homes.set(tenant, this.known.get(tenant)!.home);
    const asked = wanted.filter((tenant) => !homes.has(tenant));
    if (asked.length === 0) return homes;
    for (const found of await reader.homes(asked)) {
      const home = this.homeOf(found);
      homes.set(found.tenantId, home);
      if (this.known.size >= TENANTS_MAX) this.known.clear();
      this.known.set(found.tenantId, { home, atMs: nowMs });
    }
    return homes;
  }

  async of(tenant: string, options: { fresh?: boolean } = {}): Promise<Home> {
    return (await this.ofAll([tenant], options)).get(tenant)!;
  }

  /** Of what time a list over all tenants is, at least; null: of now. */
  async copiesAsOf(): Promise<Date | null> {
    const { reader } = this.parts;
    if (reader === null) return null;
    if (this.copies === null || this.nowMs() - this.copies.atMs >= AGE_MS_MAX) {
      const atMs = this.nowMs();
      this.copies = { ...(await reader.copiesAsOf()), atMs };
    }
    return this.copies.foreign ? (this.copies.asOf ?? new Date(0)) : null;
  }

  private homeOf({ region, here, zone, asOf, memberId }: TenantHome): Home {
    if (memberId !== null && region === null) return this.alone(); // REGIONS is set, and the mesh not founded yet
    return { region, here, zone, asOf };
  }

  private alone(): Home {
    return { region: this.parts.region(), here: true, zone: 'global', asOf: null };
  }
}
