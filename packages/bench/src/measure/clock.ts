// One clock for all processes of the bench: CLOCK_MONOTONIC, which does not jump and is the same everywhere on a machine.

export const nowNs = (): bigint => process.hrtime.bigint();
export const msBetween = (fromNs: bigint, toNs: bigint): number => Number(toNs - fromNs) / 1e6;
export const pause = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms));

/** Asks every `everyMs` until the answer is yes. Throws `what` when that takes longer than `limitMs`. */
export async function until(
  what: string,
  isSo: () => boolean | Promise<boolean>,
  { everyMs, limitMs }: { everyMs: number; limitMs: number },
): Promise<void> {
  const beganNs = nowNs();
  while (!(await isSo())) {
    if (msBetween(beganNs, nowNs()) > limitMs) throw new Error(`not within ${limitMs} ms: ${what}`);
    await pause(everyMs);
  }
}
