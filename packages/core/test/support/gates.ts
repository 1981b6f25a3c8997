// What a simulation puts between monitors and databases: calls that wait until they are let through.
import type { TestMesh } from '@singularity-workflow/testkit';
import { silentLogger, WorkflowError } from '../../src/domain/index.js';
import { type ListedRegion, Peers } from '../../src/regions/index.js';
import { Database, type DecisionStore, type MeshMember } from '../../src/store/index.js';

/** mulberry32: small, and the same everywhere. */
export function randomOf(seed: number): () => number {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296;
  };
}

let readsInFlight = 0;

export const unavailable = (what: string): WorkflowError => new WorkflowError('database_unavailable', `${what} was lost by the simulation`);

/** Calls wait for the scheduler; reads of the own database do not: they take effect on nobody. */
export class GatedDatabase extends Database {
  constructor(
    url: string,
    private readonly pass: (fn: string, run: () => Promise<unknown>) => Promise<unknown>,
  ) {
    super({ url, poolSize: 4 });
  }

  override async query<Row>(text: string, values: readonly unknown[] = [], name?: string): Promise<Row[]> {
    readsInFlight += 1;
    try {
      return await super.query<Row>(text, values, name);
    } finally {
      readsInFlight -= 1;
    }
  }

  override callSql<Row>(fn: string, args: readonly unknown[]): Promise<Row[]> {
    return this.pass(fn, () => super.callSql(fn, args)) as Promise<Row[]>;
  }
}

export class GatedPeers extends Peers {
  constructor(
    private readonly stores: ReadonlyMap<string, DecisionStore>,
    { region, regions }: { region: string; regions: readonly ListedRegion[] },
  ) {
    super({ own: stores.get(region)!, region, regions, callMs: 1_000, logger: silentLogger });
  }

  override at({ region }: Pick<MeshMember, 'region' | 'addresses'>): DecisionStore | null {
    return this.stores.get(region) ?? null;
  }
}

/** Until what was resolved has had its say: nothing here waits for anything but calls that are held. */
export async function quiet(): Promise<void> {
  for (let turns = 0; turns < 3 || readsInFlight > 0; turns += 1) await new Promise((resolve) => setImmediate(resolve));
}

/** Who has a lease, what is sealed, and the log of each region. */
export async function stateOf(mesh: TestMesh): Promise<{ live: number; seals: number; logs: string[] }> {
  const rows = await Promise.all(
    mesh.regions.map(({ db }) =>
      db.sql<{ live: boolean; seals: number; log: unknown }>(
        `select workflow.lease_left_ms() is not null and exists (select from workflow.mesh) as live,
                (select count(*)::int from workflow.region_seals) as seals,
                (select jsonb_agg(jsonb_build_array(t.epoch, t.value) order by t.epoch) from workflow.topology t) as log`,
      ),
    ),
  );
  const all = rows.flat();
  return {
    live: all.filter(({ live }) => live).length,
    seals: all.reduce((sum, { seals }) => sum + seals, 0),
    logs: all.map(({ log }) => JSON.stringify(log)),
  };
}

/** What a trace tells of. */
export const WRITES = new Set([
  'found_mesh', 'join_mesh', 'next_ballot', 'prepare', 'accept', 'learn_topology', 'begin_round', 'grant_lease', 'settle_lease', 'clear_lease', 'suspect',
  'begin_seal', 'finish_seal', 'unseal',
]); // prettier-ignore
