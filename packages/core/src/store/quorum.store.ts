// What a poller of quorums asks its own database.
import type { LogPosition, VotingMember } from '../domain/index.js';
import type { Database } from './database.js';

export interface QuorumSeen {
  /** How far this region's log was flushed when it was looked; null without a mesh. */
  readonly flushed: LogPosition | null;
  readonly members: readonly VotingMember[];
}

export interface WrittenTenure {
  readonly tenantId: string;
  /** home_epoch of what was written. */
  readonly tenure: number;
}

export class QuorumStore {
  constructor(private readonly db: Database) {}

  /** observe_quorum. */
  async observe(): Promise<QuorumSeen> {
    const rows = await this.db.callSql<{ flushed: LogPosition; zone: string; confirmed: LogPosition | null }>('observe_quorum', []);
    return { flushed: rows[0]?.flushed ?? null, members: rows };
  }

  /** still_at_home: the tenants that may be acknowledged to. */
  async stillAtHome(written: readonly WrittenTenure[]): Promise<ReadonlySet<string>> {
    const rows = await this.db.callSql<{ stillAtHome: string }>('still_at_home', [
      written.map(({ tenantId }) => tenantId),
      written.map(({ tenure }) => tenure),
    ]);
    return new Set(rows.map(({ stillAtHome }) => stillAtHome));
  }
}
