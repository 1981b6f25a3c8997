import { logEvent, type Duty, type EventStore, type Logger, type WorkerStore } from '@singularity-workflow/core';

const EVERY_MS = 60_000;
const ROWS_MAX = 500;

export interface PruneOptions {
  readonly workers: WorkerStore;
  readonly events: EventStore;
  /** How long rows of workers that are gone stay. */
  readonly retentionMs: number;
  readonly logger: Logger;
}

/** Removes the rows of workers that are gone for longer than the retention, and the oldest events beyond their bound. */
export const prune = ({ workers, events, retentionMs, logger }: PruneOptions): Duty => ({
  name: 'prune',
  intervalMs: Math.min(EVERY_MS, retentionMs),
  async tick(token) {
    const pruned = await workers.prune({ token, retentionMs, limit: ROWS_MAX });
    if (pruned > 0) logEvent(logger, 'workers_pruned', { workers: pruned });
    const forgotten = await events.prune({ token, limit: ROWS_MAX });
    return pruned === ROWS_MAX || forgotten === ROWS_MAX ? 'more' : 'idle';
  },
});
