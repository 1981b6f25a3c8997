// A duty of the scheduler: what it does in one round, and how often. It acts with the token of the lease `scheduler`, which every function that it
// calls checks in its own transaction: a scheduler that lost the lease is refused, whatever it believes.
import {
  Loop,
  isWorkflowError,
  type Elector,
  type Logger,
  type QueueReader,
  type QueueStore,
  type RunStore,
  type TaskStore,
  type TickResult,
  type Wakeups,
} from '@singularity-workflow/core';

export interface Duty {
  readonly name: string;
  readonly intervalMs: number;
  /** One round. `more`: it came back full, so there is more to do at once. */
  tick(token: number, signal: AbortSignal): Promise<TickResult>;
}

/** What duties are made of. */
export interface SchedulerParts {
  readonly runs: RunStore;
  readonly tasks: TaskStore;
  readonly queues: QueueStore;
  readonly queueReader: QueueReader;
  readonly wakeups: Wakeups;
  readonly logger: Logger;
  readonly tickMs: number;
  readonly runRetentionDays: number;
  readonly region: string;
  /** Milliseconds since 1970, for how long something took and for retention in days; nothing else is judged by this process's clock. */
  readonly now: () => number;
}

/** Does the duty while this process leads; a standby's rounds are empty. `lease_lost` ends the term at once. */
export function dutyLoop(duty: Duty, elector: Elector, logger: Logger): Loop {
  return new Loop({
    name: duty.name,
    intervalMs: duty.intervalMs,
    logger,
    tick: async (signal) => {
      const token = elector.token();
      if (token === null) return 'idle';
      try {
        return await duty.tick(token, signal);
      } catch (error) {
        if (!isWorkflowError(error, 'lease_lost')) throw error;
        elector.refused(token);
        return 'idle';
      }
    },
  });
}

/** The queues that got work, each once: whom to wake. */
export const queuesOf = (rows: readonly { queues: readonly string[] | null }[]): string[] => [...new Set(rows.flatMap((row) => row.queues ?? []))];
