import { logEvent, type Duty } from '@singularity-workflow/core';
import type { SchedulerParts } from './scheduler.js';

const RUNS_MAX = 500;

/** Starts the scheduled runs whose time has come. */
export const startDueRuns = ({ runs, wakeups, logger, tickMs }: SchedulerParts): Duty => ({
  name: 'start-due-runs',
  intervalMs: tickMs,
  async tick(token) {
    const started = await runs.startDue({ token, limit: RUNS_MAX });
    if (started.length > 0) logEvent(logger, 'runs_due', { runs: started.length });
    for (const { queues } of started) wakeups.notify(queues);
    return started.length === RUNS_MAX ? 'more' : 'idle';
  },
});
