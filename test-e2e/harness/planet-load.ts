// Runs for many tenants of a planet, each started where its tenant is at home: at the router there, or at that of its successor when that is gone. Where
// routers know each other, at any of them, in turn.
import type { Acknowledged } from '../checker/history.js';
import { WITNESS } from '../checker/quorum-laws.js';
import type { Input } from './load.js';
import { moment } from './moment.js';
import type { Planet } from './planet.js';

export interface Placed extends Acknowledged {
  readonly tenant: string;
  /** Where it was acknowledged. */
  readonly region: string;
  readonly acknowledgedAt: number;
  readonly durability: Durability;
}

interface Wanted {
  readonly key: string;
  readonly workflow: string;
  readonly input: Input;
  readonly tenant: string;
  readonly durability: Durability;
}

type Durability = 'local' | 'quorum';

/** So many of them is one with durability quorum: see checker/quorum-laws.ts. */
const QUORUM_EVERY = 3;
const TENANTS = 60;
const BATCH = 100;
const LOCAL = { workflow: 'e2e-chain', durability: 'local' } as const;
const QUORUM = { workflow: WITNESS, durability: 'quorum' } as const;
const PATIENCE_MS = 120_000;
const PAUSE_MS = 200;

/** Enough that every region is home of some. */
export const tenants: readonly string[] = Array.from({ length: TENANTS }, (_, k) => `tenant-${k}`);

export class PlanetLoad {
  readonly acknowledged: Placed[] = [];
  private asked = 0;
  private turn = 0;

  constructor(private readonly planet: Planet) {}

  /** Starts so many runs, dealt round among the tenants; repeats what was not answered under the same keys. Answers what was acknowledged, once all is. `only`: instead of some of both. */
  async submit(count: number, more: object = {}, only?: Durability): Promise<Placed[]> {
    const wanted = Array.from({ length: count }, (): Wanted => {
      const n = this.asked++;
      const durability = only ?? (Math.floor(n / QUORUM_EVERY) % QUORUM_EVERY === 0 ? 'quorum' : 'local');
      const kind = durability === 'quorum' ? QUORUM : LOCAL;
      return { key: `run-${n}`, ...kind, input: { ...more, n }, tenant: tenants[n % TENANTS]! };
    });
    const placed: Placed[] = [];
    let open = wanted;
    for (const giveUpAt = moment() + PATIENCE_MS; open.length > 0;) {
      const answered = await this.round(open);
      placed.push(...answered);
      this.acknowledged.push(...answered);
      const done = new Set(answered.map(({ key }) => key));
      open = open.filter(({ key }) => !done.has(key));
      if (open.length === 0) break;
      if (moment() > giveUpAt)
        throw new Error(`${open.length} of ${count} runs were not acknowledged, as ${open[0]!.key} of ${open[0]!.tenant}`);
      await new Promise((resolve) => setTimeout(resolve, PAUSE_MS));
    }
    return placed;
  }

  /** Each home is asked once for all that is its own, by batches; or each router for its share of all. */
  private async round(wanted: readonly Wanted[]): Promise<Placed[]> {
    if (this.planet.takesAnywhere) return this.anywhere(wanted);
    const homes = await this.planet.homesOf([...new Set(wanted.map(({ tenant }) => tenant))]);
    const regions = this.planet.up.map((region) => ({ region, own: wanted.filter(({ tenant }) => homes.get(tenant) === region) }));
    return (await Promise.all(regions.map(({ region, own }) => this.submitAt(region, own)))).flat();
  }

  /** Whoever was not answered by one router asks another one the next time. */
  private async anywhere(wanted: readonly Wanted[]): Promise<Placed[]> {
    const routers = this.planet.up;
    const turn = this.turn++;
    const shares = routers.map((region, at) => ({ region, own: wanted.filter((_one, n) => (n + turn) % routers.length === at) }));
    return (await Promise.all(shares.map(({ region, own }) => this.submitAt(region, own)))).flat();
  }

  /** What has durability quorum may wait long, and must not hold up the rest. */
  private async submitAt(region: string, wanted: readonly Wanted[]): Promise<Placed[]> {
    const parts = [LOCAL, QUORUM].map(({ durability }) => wanted.filter((one) => one.durability === durability));
    return (await Promise.all(parts.map((part) => this.submitBatches(region, part)))).flat();
  }

  private async submitBatches(region: string, wanted: readonly Wanted[]): Promise<Placed[]> {
    const placed: Placed[] = [];
    for (let from = 0; from < wanted.length; from += BATCH) {
      const batch = wanted.slice(from, from + BATCH);
      try {
        const requests = batch.map(({ key, workflow, input, tenant, durability }) => ({
          tenant_id: tenant,
          workflow,
          input,
          durability,
          idempotency_key: key,
        }));
        const results = await this.planet.at(region).client.startBatch(requests);
        const acknowledgedAt = moment();
        results.forEach(({ outcome, run_id: runId }, at) => {
          if (runId !== null && (outcome === 'created' || outcome === 'existing'))
            placed.push({ ...batch[at]!, runId, region, acknowledgedAt });
        });
      } catch {
        return placed; // not answered: asked again, at the home of then
      }
    }
    return placed;
  }
}
