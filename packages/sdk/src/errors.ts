const verdict = Symbol.for('singularity-workflow.retry');

interface RetryVerdict {
  readonly retryable: boolean;
  readonly retryAfterMs?: number;
}

/** Thrown by a handler: another attempt would fail in the same way. */
export class NonRetryableError extends Error {
  override readonly name = 'NonRetryableError';
  readonly [verdict]: RetryVerdict = { retryable: false };
}

/** 7 days: SQL takes no longer delay. */
const RETRY_AFTER_MAX_MS = 604_800_000;

/** Thrown by a handler: the next attempt starts after this delay, instead of the computed one. Unit: milliseconds, at most 7 days. */
export class RetryAfterError extends Error {
  override readonly name = 'RetryAfterError';
  readonly retryAfterMs: number;
  readonly [verdict]: RetryVerdict;

  constructor(retryAfterMs: number, message = `try again in ${retryAfterMs} ms`, options?: ErrorOptions) {
    if (!(retryAfterMs >= 0 && retryAfterMs <= RETRY_AFTER_MAX_MS)) {
      throw new RangeError(`retryAfterMs must be from 0 to ${RETRY_AFTER_MAX_MS}, not ${retryAfterMs}`);
    }
    super(message, options);
    this.retryAfterMs = Math.ceil(retryAfterMs);
    this[verdict] = { retryable: true, retryAfterMs: this.retryAfterMs };
  }
}

/** What an error says about the next attempt. Goes by a mark, not by class: an application may hold two copies of this package. */
export function retryVerdict(error: unknown): RetryVerdict {
  const marked = typeof error === 'object' && error !== null ? (error as { [verdict]?: RetryVerdict })[verdict] : undefined;
  return marked ?? { retryable: true };
}

/** Why an attempt is over before its handler returned. */
export type AbortCause = 'timeout' | 'run_cancelled' | 'run_failed' | 'run_closed' | 'lost' | 'lease lost' | 'drain' | 'moving';

/** `ctx.signal.reason`: whatever the handler still does or returns is ignored. */
export class AttemptAborted extends Error {
  override readonly name = 'AbortError';

  constructor(
    readonly reason: AbortCause,
    message: string = reason,
  ) {
    super(message);
  }
}
