// One timer for the timeouts of all attempts: set to the earliest that is known, it looks at everything that runs when it fires. A timer
// each would cost more than most handlers. Precision: up to GRANULARITY_MS late, never early.

const GRANULARITY_MS = 15;
/** setTimeout takes 32 bits. */
const DELAY_MAX_MS = 2_147_483_647;

export class TimeoutSweep {
  private timer: NodeJS.Timeout | undefined;
  private armedForMs = Infinity;

  /** `expire` ends what is over at `nowMs` (the clock of `performance.now()`) and answers the earliest timeout of the rest, or Infinity. */
  constructor(private readonly expire: (nowMs: number) => number) {}

  watch(timeoutAtMs: number): void {
    if (timeoutAtMs < this.armedForMs) this.arm(timeoutAtMs);
  }

  stop(): void {
    clearTimeout(this.timer);
    this.armedForMs = Infinity;
  }

  private arm(timeoutAtMs: number): void {
    clearTimeout(this.timer);
    const nowMs = performance.now();
    const delayMs = Math.min(Math.max(Math.ceil(timeoutAtMs - nowMs), GRANULARITY_MS), DELAY_MAX_MS);
    this.armedForMs = nowMs + delayMs;
    this.timer = setTimeout(() => this.fire(), delayMs);
  }

  private fire(): void {
    this.armedForMs = Infinity;
    const next = this.expire(performance.now());
    if (next < Infinity) this.watch(next);
  }
}
