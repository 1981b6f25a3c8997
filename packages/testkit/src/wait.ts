// Waiting for a condition: generous limit, short steps, and a failure that says what was seen last.

export interface WaitOptions {
  /** What is waited for, as a sentence fragment for the failure. */
  readonly until?: string;
  readonly timeoutMs?: number;
  readonly everyMs?: number;
}

const pause = (ms: number) => new Promise<void>((resolve) => setTimeout(resolve, ms));

/** Calls `condition` until it answers something truthy, and answers that. What it throws counts as "not yet". */
export async function waitFor<T>(condition: () => T | Promise<T>, options: WaitOptions = {}): Promise<NonNullable<T>> {
  const { until = 'the condition holds', timeoutMs = 60_000, everyMs = 10 } = options;
  const startedAt = performance.now();
  for (;;) {
    let seen: unknown;
    try {
      seen = await condition();
      if (seen) return seen as NonNullable<T>;
    } catch (error) {
      seen = error;
    }
    const waitedMs = performance.now() - startedAt;
    if (waitedMs > timeoutMs) {
      throw new Error(`waited ${Math.round(waitedMs)} ms until ${until}; seen last: ${describe(seen)}`, { cause: seen });
    }
    await pause(everyMs);
  }
}

function describe(seen: unknown): string {
  if (seen instanceof Error) return seen.message;
  return JSON.stringify(seen) ?? String(seen);
}
