import { type Duty, HELD_WAKE } from '@singularity-workflow/core';
import type { SchedulerParts } from './scheduler.js';

const MESSAGES_MAX = 1_000;
const POLL_MS = 5;
const POLL_MS_MAX = 100;
const POLLS_MAX = 200;

/**
 * Lets messages of runs with durability quorum go when other regions have confirmed what they follow from. Woken when some are held; while some are it
 * looks every 5 ms, and up to 100 ms apart while nothing moves: then a quorum is away, or a group is stopped or being adopted.
 */
export const releaseHeld = ({ queues, wakeups, tickMs }: SchedulerParts): Duty => {
  let endPause: () => void = () => undefined;
  const pause = (ms: number, signal: AbortSignal): Promise<void> =>
    new Promise((resolve) => {
      const timer = setTimeout(() => endPause(), ms);
      endPause = () => {
        clearTimeout(timer);
        signal.removeEventListener('abort', endPause);
        resolve();
      };
      signal.addEventListener('abort', endPause);
      if (signal.aborted) endPause();
    });
  return {
    name: 'release-held',
    intervalMs: tickMs,
    wakeable: (wake) => {
      wakeups.listen([HELD_WAKE], () => {
        endPause();
        wake();
      });
    },
    async tick(token, signal) {
      let pauseMs = POLL_MS;
      for (let polls = 0; polls < POLLS_MAX; polls += 1) {
        const { released, waiting, queues: worked } = await queues.releaseHeld({ token, limit: MESSAGES_MAX });
        wakeups.notify(worked);
        if (!waiting || signal.aborted) return 'idle';
        if (released >= MESSAGES_MAX) continue;
        pauseMs = released > 0 ? POLL_MS : Math.min(POLL_MS_MAX, 2 * pauseMs);
        await pause(pauseMs, signal);
      }
      return 'more';
    },
  };
};
