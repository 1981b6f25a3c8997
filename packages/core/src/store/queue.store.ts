// Calls of the SQL functions about queues.
import type { Database } from './database.js';
import { one } from './run.store.js';

export interface RebuildAnswer {
  /** False: the queues were not emptied; nothing was done. */
  needed: boolean;
  restored: number;
  /** Where the next call goes on; null: done. */
  nextAfter: string | null;
  queues: string[] | null;
}

export class QueueStore {
  constructor(private readonly db: Database) {}

  /** rebuild_queue: restores messages of queued tasks that have none, in steps. `after`: null at first, then the answer's. Throws `lease_lost`. */
  async rebuild({ token, after, limit }: { token: number; after: string | null; limit: number }): Promise<RebuildAnswer> {
    return one(await this.db.callSql<RebuildAnswer>('rebuild_queue', [token, after, limit]));
  }
}
