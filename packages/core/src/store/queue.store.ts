// Calls of the SQL functions about queues.
import type { Database } from './database.js';
import { type LeaderBatch, one } from './run.store.js';

export interface RebuildAnswer {
  /** False: the queues were not emptied; nothing was done. */
  needed: boolean;
  restored: number;
  /** Where the next call goes on; null: done. */
  nextAfter: string | null;
  queues: string[] | null;
}

export interface ReleaseAnswer {
  /** How many held messages went to their queues, or were dropped. */
  released: number;
  /** Others are held still. */
  waiting: boolean;
  queues: string[];
}

export class QueueStore {
  constructor(private readonly db: Database) {}

  /** rebuild_queue: restores messages of queued tasks that have none, in steps. `after`: null at first, then the answer's. Throws `lease_lost`. */
  async rebuild({ token, after, limit }: { token: number; after: string | null; limit: number }): Promise<RebuildAnswer> {
    return one(await this.db.callSql<RebuildAnswer>('rebuild_queue', [token, after, limit]));
  }

  /** release_held_messages: of runs with durability quorum those that other regions have confirmed. Throws `lease_lost`. */
  async releaseHeld({ token, limit }: LeaderBatch): Promise<ReleaseAnswer> {
    return one(await this.db.callSql<ReleaseAnswer>('release_held_messages', [token, limit]));
  }
}
