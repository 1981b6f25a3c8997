// Waits for calls of which some may never be answered: a region that hangs, with its connections standing, must not hold up what the others can decide
// without it.

/** Resolves when all have ended, or from `lateMs` on as soon as `enough`; `enough` is asked again after each of them. Each has a limit of its own. */
export function whenEnough(all: readonly Promise<void>[], lateMs: number, enough: () => boolean): Promise<void> {
  return new Promise((resolve, reject) => {
    let isLate = false;
    const timer = setTimeout(() => {
      isLate = true;
      look();
    }, lateMs);
    const look = (): void => {
      if (isLate && enough()) resolve();
    };
    for (const one of all) one.then(look, reject);
    Promise.all(all)
      .then(() => resolve(), reject)
      .finally(() => clearTimeout(timer));
  });
}

export interface Patience {
  /** From when on `enough` is enough, whoever is missing. */
  readonly lateMs: number;
  readonly enough: () => boolean;
  /** From when on nobody waits for those who are thought to be silent: enough, and whom one hears at other times has answered. */
  readonly silentMs: number;
  readonly heard: () => boolean;
}

/** Resolves when all have ended; or as soon as it is enough, from `silentMs` on if only silent ones are missing, else from `lateMs` on. */
export function whenHeard(all: readonly Promise<void>[], { lateMs, enough, silentMs, heard }: Patience): Promise<void> {
  return Promise.race([whenEnough(all, lateMs, enough), whenEnough(all, silentMs, () => enough() && heard())]);
}
