import { logEvent, type Duty, type Logger, type WorkerStore } from '@singularity-workflow/core';

const EVERY_MS = 60_000;
const WORKERS_MAX = 500;

/** Removes the rows of workers that are gone for longer than the retention. */
export const pruneWorkers = (workers: WorkerStore, retentionMs: number, logger: Logger): Duty => ({
  name: 'prune-workers',
  intervalMs: Math.min(EVERY_MS, retentionMs),
  async tick(token) {
    const pruned = await workers.prune({ token, retentionMs, limit: WORKERS_MAX });
    if (pruned > 0) logEvent(logger, 'workers_pruned', { workers: pruned });
    return pruned === WORKERS_MAX ? 'more' : 'idle';
  },
});
