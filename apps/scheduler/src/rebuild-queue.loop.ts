import { logEvent, type Duty } from '@singularity-workflow/core';
import type { SchedulerParts } from './scheduler.js';

const RUNS_PER_PAGE = 1_000;

/**
 * Restores the messages of queued tasks after the server emptied its unlogged queues (crash, promotion). Goes through the open runs page by page;
 * a scheduler that loses its lease on the way leaves the rest to the next one, which begins anew: what is there already is not sent twice.
 * A region of a mesh that has no lease (one that came back, say) may not restore anything, and says nothing: it looks again at every tick.
 */
export const rebuildQueue = ({ queues, wakeups, logger, tickMs, now }: SchedulerParts): Duty => ({
  name: 'rebuild-queue',
  intervalMs: tickMs,
  async tick(token, signal) {
    const startedAt = now();
    let after: string | null = null;
    let restored = 0;
    let pages = 0;
    do {
      const page = await queues.rebuild({ token, after, limit: RUNS_PER_PAGE });
      if (!page.needed) return 'idle';
      restored += page.restored;
      pages += 1;
      wakeups.notify(page.queues);
      after = page.nextAfter;
    } while (after !== null && !signal.aborted);
    // The first page only counts the open runs anew: where there is no other, nothing was restored.
    if (pages > 1) logEvent(logger, 'queues_rebuilt', { restored, tookMs: now() - startedAt });
    return 'idle';
  },
});
