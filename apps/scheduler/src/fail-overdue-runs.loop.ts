import { logEvent, type Duty } from '@singularity-workflow/core';
import type { SchedulerParts } from './scheduler.js';

const RUNS_MAX = 500;

/** Fails the open runs whose deadline has passed; what they have running is aborted by its worker's next heartbeat. */
export const failOverdueRuns = ({ runs, logger, metrics, tickMs }: SchedulerParts): Duty => ({
  name: 'fail-overdue-runs',
  intervalMs: tickMs,
  async tick(token) {
    const overdue = await runs.failOverdue({ token, limit: RUNS_MAX });
    if (overdue.length > 0) {
      logEvent(logger, 'runs_overdue', { runs: overdue.length });
      metrics.runsFinished.inc({ outcome: 'failed' }, overdue.length);
    }
    return overdue.length === RUNS_MAX ? 'more' : 'idle';
  },
});
