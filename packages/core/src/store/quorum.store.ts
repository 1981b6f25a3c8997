// What a poller of quorums asks its own database.
import type { Database } from './database.js';
import { one } from './run.store.js';

/** A position in a database's log, as PostgreSQL writes it: two hexadecimal numbers. */
export type LogPosition = string;

export interface ZoneQuorum {
  /** How many others must confirm; 0: there is no quorum to be had. */
  readonly needed: number;
  /** Up to here so many have confirmed this region's log; null: fewer confirm anything. */
  readonly confirmed: LogPosition | null;
}

export interface QuorumSeen {
  /** How far this region's log was flushed when it was looked. */
  readonly flushed: LogPosition;
  /** `global`, and every residency zone that there is. */
  readonly zones: ReadonlyMap<string, ZoneQuorum>;
}

export interface WrittenTenure {
  readonly tenantId: string;
  /** home_epoch of what was written. */
  readonly tenure: number;
}

/** What must be confirmed before anything about a run with durability quorum is acknowledged. */
export interface UnconfirmedRun {
  readonly tenantId: string;
  readonly zone: string;
  /** Null: this region may not vouch for the run as it stands here. */
  readonly tenure: number | null;
}

/** By the id of the run. */
export type UnconfirmedRuns = ReadonlyMap<string, UnconfirmedRun>;

/** As SQL answers it: {run id: {tenant_id, zone, tenure}}, null: none. */
export type UnconfirmedAnswer = Readonly<Record<string, { tenant_id: string; zone: string; tenure: number | null }>> | null;

export function unconfirmedOf(answer: UnconfirmedAnswer): UnconfirmedRuns {
  return new Map(Object.entries(answer ?? {}).map(([runId, { tenant_id: tenantId, zone, tenure }]) => [runId, { tenantId, zone, tenure }]));
}

export class QuorumStore {
  constructor(private readonly db: Database) {}

  /** quorum_positions. */
  async observe(): Promise<QuorumSeen> {
    const rows = await this.db.callSql<ZoneQuorum & { flushed: LogPosition; zone: string }>('quorum_positions', []);
    return { flushed: one(rows.slice(0, 1)).flushed, zones: new Map(rows.map((row) => [row.zone, row])) };
  }

  /** still_at_home: of these, what may be acknowledged. */
  async stillAtHome<Written extends WrittenTenure>(written: readonly Written[]): Promise<Written[]> {
    const tenants = written.map(({ tenantId }) => tenantId);
    const rows = await this.db.callSql<WrittenTenure>('still_at_home', [tenants, written.map(({ tenure }) => tenure)]);
    const home = new Set(rows.map(({ tenantId, tenure }) => `${tenure}/${tenantId}`));
    return written.filter(({ tenantId, tenure }) => home.has(`${tenure}/${tenantId}`));
  }

  /** unconfirmed_runs: of these runs those with durability quorum. Called after the commit of what shall be acknowledged. */
  async unconfirmed(runIds: readonly string[]): Promise<UnconfirmedRuns> {
    return unconfirmedOf(one(await this.db.callSql<{ unconfirmedRuns: UnconfirmedAnswer }>('unconfirmed_runs', [runIds])).unconfirmedRuns);
  }
}
