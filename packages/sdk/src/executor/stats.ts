import type { TaskOutcome } from './metrics.js';

export type ExecutorState = 'new' | 'starting' | 'running' | 'draining' | 'stopped';

export interface ExecutorStats {
  readonly state: ExecutorState;
  readonly workerId: string;
  /** Claims and heartbeats are answered. */
  readonly healthy: boolean;
  /** Attempts that have not ended. */
  readonly busy: number;
  /** Handlers that go on although their attempt is over. */
  readonly abandoned: number;
  /** Outcomes that the database has not answered yet. */
  readonly unreported: number;
  /** Tasks that came, by claims or handed over with the answer to a report. */
  readonly claimed: number;
  readonly outcomes: Readonly<Record<TaskOutcome, number>>;
}
