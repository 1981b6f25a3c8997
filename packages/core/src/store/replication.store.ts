// Calls about what arrived from other regions: digests to compare copies by, and what guarded apply kept.
import type { Database } from './database.js';
import { one, type LeaderBatch } from './run.store.js';

export interface TableDigest {
  /** '' where a row's group is not known. */
  readonly placementGroup: string;
  readonly rowCount: number;
  /** Equal where the rows are; 64 bits, so text. */
  readonly digest: string;
}

export interface RunDigest {
  readonly runId: string;
  readonly homeEpoch: number;
  readonly revision: number;
  readonly digest: string;
}

/** Runs after the first and up to the second. */
export interface RunRange {
  readonly after?: string | undefined;
  readonly through?: string | undefined;
}

export class ReplicationStore {
  constructor(private readonly db: Database) {}

  /** digest_table: rows and digests of a replicated table by placement group. */
  async digestTable(table: string, { after, through }: RunRange = {}): Promise<TableDigest[]> {
    return this.db.callSql<TableDigest>('digest_table', [table, after ?? null, through ?? null]);
  }

  /** digest_runs: the runs of a group by id, at most `limit`: as many as that, call again after the last. */
  async digestRuns(group: string, after: string | null, limit: number): Promise<RunDigest[]> {
    return this.db.callSql<RunDigest>('digest_runs', [group, after, limit]);
  }

  /** prune_replication: removes conflicts and tombstones from before `before`; as many as `limit`: call again. */
  async prune({ token, before, limit }: LeaderBatch & { before: Date }): Promise<number> {
    return one(await this.db.callSql<{ pruneReplication: number }>('prune_replication', [token, before, limit])).pruneReplication;
  }
}
