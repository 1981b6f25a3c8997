import type { Duty } from '@singularity-workflow/core';
import type { SchedulerParts } from './scheduler.js';

const EVERY_MS = 60_000;
const ROWS_MAX = 500;
const DAY_MS = 86_400_000;

/** Removes what guarded apply kept of other regions' rows, and tombstones of runs that lost their key, once they are as old as runs may become. */
export const pruneConflicts = ({ copies, runRetentionDays, now }: SchedulerParts): Duty => ({
  name: 'prune-conflicts',
  intervalMs: EVERY_MS,
  async tick(token) {
    const before = new Date(now() - runRetentionDays * DAY_MS);
    return (await copies.prune({ token, before, limit: ROWS_MAX })) === ROWS_MAX ? 'more' : 'idle';
  },
});
