import type { Duty } from '@singularity-workflow/core';
import type { SchedulerParts } from './scheduler.js';

const EVERY_MS = 5_000;
const ROWS_MAX = 10_000;

/** Upkeep of what finds open runs without an index on their status: the oldest open run, and the counts of open runs. */
export const advanceHorizon = ({ runs }: SchedulerParts): Duty => ({
  name: 'advance-horizon',
  intervalMs: EVERY_MS,
  async tick(token) {
    const { moved } = await runs.advanceHorizon({ token, limit: ROWS_MAX });
    return moved >= ROWS_MAX ? 'more' : 'idle';
  },
});
