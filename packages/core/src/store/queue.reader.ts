// Reads about queues: how much waits, and what nobody can run.
import type { Priority } from '../domain/index.js';
import type { Database } from './database.js';
import { one } from './run.store.js';

export interface QueueDepth {
  queue: string;
  priority: Priority;
  depth: number;
  /** Claimable now. */
  visible: number;
  inFlight: number;
  /** Age of the oldest that is claimable; 0 where none is. */
  oldestSeconds: number;
}

export interface StuckStep {
  workflow: string;
  stepSlug: string;
  queue: string;
  tasks: number;
}

const DEPTHS = `select d.* from workflow.queue_depths d order by d.queue, d.priority`;
const STUCK = `select s.* from workflow.stuck_steps s order by s.tasks desc limit 1000`;

export class QueueReader {
  constructor(private readonly db: Database) {}

  /** Every queue and priority. Counts rows: for a request now and then and the gauges, not for a loop. */
  depths(): Promise<QueueDepth[]> {
    return this.db.query(DEPTHS);
  }

  /** Queued work that no live worker has a handler for. An alarm. */
  stuckSteps(): Promise<StuckStep[]> {
    return this.db.query(STUCK);
  }

  /** Messages of runs with durability quorum that wait for other regions. */
  async held(): Promise<{ messages: number; oldestSeconds: number }> {
    return one(await this.db.callSql<{ messages: number; oldestSeconds: number }>('count_held_messages', []));
  }
}
