// Calls of the SQL functions about what happened to leaders and workers.
import type { Database } from './database.js';
import { one } from './run.store.js';
import { jsonb, snakeKeys } from './wire.js';

export interface FailoverEventEntry {
  kind: string;
  /** The lease or the worker. */
  subject: string;
  former?: string | null | undefined;
  successor?: string | null | undefined;
  /** One sentence: why this was decided. */
  reason: string;
  /** How long nobody did the job. */
  withoutMs?: number | null | undefined;
  recordedBy?: string | undefined;
}

export class EventStore {
  constructor(private readonly db: Database) {}

  /** record_failover_event; the id of the event. */
  async recordFailover(event: FailoverEventEntry): Promise<number> {
    return one(await this.db.callSql<{ recordFailoverEvent: number }>('record_failover_event', [jsonb(snakeKeys(event))]))
      .recordFailoverEvent;
  }

  /** prune_failover_events; how many. */
  async prune({ token, limit }: { token: number; limit: number }): Promise<number> {
    return one(await this.db.callSql<{ pruneFailoverEvents: number }>('prune_failover_events', [token, limit])).pruneFailoverEvents;
  }
}
