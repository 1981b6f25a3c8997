import { type Duty, logEvent } from '@singularity-workflow/core';
import type { SchedulerParts } from './scheduler.js';

const REQUESTS_MAX = 500;
const PRUNE_EVERY_MS = 60_000;
const DAY_MS = 86_400_000;

/** Starts runs that other regions took submissions for while this one did not answer. */
export const startRequestedRuns = ({ requests, wakeups, logger, tickMs }: SchedulerParts): Duty => ({
  name: 'start-requested-runs',
  intervalMs: tickMs,
  async tick(token) {
    const judged = await requests.start({ token, limit: REQUESTS_MAX });
    const settled = judged.filter(({ outcome }) => outcome !== null).length;
    if (settled > 0) logEvent(logger, 'requests_settled', { requests: settled });
    wakeups.notify(judged[0]?.queues ?? []);
    return settled === REQUESTS_MAX ? 'more' : 'idle';
  },
});

/** Removes requests whose outcome is as old as runs may become. */
export const pruneRequests = ({ requests, runRetentionDays, now }: SchedulerParts): Duty => ({
  name: 'prune-requests',
  intervalMs: PRUNE_EVERY_MS,
  async tick(token) {
    const before = new Date(now() - runRetentionDays * DAY_MS);
    return (await requests.prune({ token, before, limit: REQUESTS_MAX })) === REQUESTS_MAX ? 'more' : 'idle';
  },
});
