import { logEvent, type Duty } from '@singularity-workflow/core';
import type { SchedulerParts } from './scheduler.js';

const EVERY_MS = 60_000;
const RUNS_MAX = 500;
const DAY_MS = 86_400_000;

/** Removes finished runs past their retention, and with them their idempotency keys. */
export const pruneRuns = ({ runs, logger, runRetentionDays, now }: SchedulerParts): Duty => ({
  name: 'prune-runs',
  intervalMs: EVERY_MS,
  async tick(token) {
    const before = new Date(now() - runRetentionDays * DAY_MS);
    const pruned = await runs.prune({ token, before, limit: RUNS_MAX });
    if (pruned > 0) logEvent(logger, 'runs_pruned', { runs: pruned });
    return pruned === RUNS_MAX ? 'more' : 'idle';
  },
});
