import { isWorkflowError, jittered, logEvent, nextDelayMs, type Logger } from '@singularity-workflow/core';

/** True for errors that pass: the database is away, or is not migrated yet. */
function passes(error: unknown): boolean {
  return isWorkflowError(error, 'database_unavailable') || isWorkflowError(error, 'schema_too_old');
}

/**
 * Repeats a call until the database answers it, with jittered growing delays. Rethrows what will not pass, and the last error once `signal`
 * has aborted. `name` is for the log.
 */
export async function untilAnswered<T>(
  name: string,
  call: () => Promise<T>,
  { signal, logger }: { signal: AbortSignal; logger: Logger },
): Promise<T> {
  for (let failures = 1; ; failures += 1) {
    try {
      return await call();
    } catch (error) {
      if (!passes(error) || signal.aborted) throw error;
      const nextMs = nextDelayMs(failures);
      // The 1st, 2nd, 4th, 8th... failure in a row: an outage of an hour is a dozen lines.
      if ((failures & (failures - 1)) === 0) {
        logEvent(logger, 'loop_failed', { loop: name, failures, nextMs, reason: (error as Error).message });
      }
      await pause(jittered(nextMs, Math.random()), signal);
    }
  }
}

/** Ends early, without an error, when `signal` aborts. */
export function pause(ms: number, signal: AbortSignal): Promise<void> {
  return new Promise((resolve) => {
    if (signal.aborted) return resolve();
    const end = (): void => {
      clearTimeout(timer);
      signal.removeEventListener('abort', end);
      resolve();
    };
    const timer = setTimeout(end, ms);
    signal.addEventListener('abort', end);
  });
}
