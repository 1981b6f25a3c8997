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
