// How long a loop waits after ticks that failed. Pure: the caller brings the random number.

export interface BackoffBounds {
  baseMs: number;
  maxMs: number;
}

/** After an outage, however long, every duty goes on within a second: the emptied queues of a database that crashed wait for one of them. */
export const LOOP_BACKOFF: BackoffBounds = { baseMs: 100, maxMs: 1_000 };

/** The delay in ms after `failedTicks` failures in a row (1 or more): doubles from `baseMs` up to `maxMs`. */
export function nextDelayMs(failedTicks: number, bounds: BackoffBounds = LOOP_BACKOFF): number {
  if (failedTicks < 1) return 0;
  return Math.min(bounds.maxMs, bounds.baseMs * 2 ** Math.min(failedTicks - 1, 30));
}

/** Between half of `delayMs` and all of it, so that processes which failed together do not return together. `random` is in [0, 1). */
export function jittered(delayMs: number, random: number): number {
  return Math.round(delayMs * (0.5 + random / 2));
}
