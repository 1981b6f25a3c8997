import { logEvent, type Duty } from '@singularity-workflow/core';
import type { SchedulerParts } from './scheduler.js';

const TASKS_MAX = 500;

/** Gives the tasks of dead workers, and those past their timeout, to others. What is lost by which rule stands in SQL. */
export const requeueLostTasks = ({ tasks, wakeups, logger, metrics, tickMs }: SchedulerParts): Duty => ({
  name: 'requeue-lost-tasks',
  intervalMs: tickMs,
  async tick(token) {
    const lost = await tasks.requeueLost({ token, limit: TASKS_MAX });
    for (const { queues, ended, ...loss } of lost) {
      logEvent(logger, 'task_lost', loss);
      wakeups.notify(queues);
      for (const [outcome, count] of Object.entries(ended ?? {})) metrics.runsFinished.inc({ outcome }, count);
    }
    return lost.length === TASKS_MAX ? 'more' : 'idle';
  },
});
