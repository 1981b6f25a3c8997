// A duty that is done again and again: start, tick, stop. Never twice at once; what fails is tried again with jittered, growing delays; what says
// `more` is done again at once; wake() ends the wait. Unlike Nest's @Interval it does not overlap itself and does not outlive its stop().
//
// Limit: `more` at most MORE_TICKS_MAX times before the event loop breathes with a pause of one interval.
// Events: loop_failed (each time the number of failures doubles), loop_recovered.
import {
  type BackoffBounds,
  isUnavailable,
  isWorkflowError,
  jittered,
  type Logger,
  LOOP_BACKOFF,
  nextDelayMs,
  reasonOf,
} from '../domain/index.js';
import { logEvent } from '../telemetry/index.js';

export type TickResult = 'more' | 'idle';

export interface LoopOptions {
  /** As it stands in the log. */
  name: string;
  /** Pause after an idle tick, in ms. */
  intervalMs: number;
  /** One round. `signal` aborts when the loop is told to stop: a long round should end early then. What it throws is logged, never fatal. */
  tick: (signal: AbortSignal) => Promise<TickResult>;
  logger: Logger;
  /** Delays after failures. Default 100 ms doubling to 1 s. */
  backoff?: BackoffBounds;
}

const MORE_TICKS_MAX = 1_000;

export class Loop {
  readonly name: string;
  private readonly options: LoopOptions;
  private readonly stopping = new AbortController();
  private running: Promise<void> | null = null;
  private endWait: (() => void) | null = null;
  private woken = false;
  private failures = 0;
  private ticked = false;

  constructor(options: LoopOptions) {
    this.name = options.name;
    this.options = options;
  }

  /** The first tick begins at once. A second call changes nothing; a stopped loop does not start again. */
  start(): void {
    if (this.stopping.signal.aborted) throw new Error(`the loop ${this.name} was stopped and cannot start again`);
    this.running ??= this.run();
  }

  /** Ends the pause; during a tick: the next one follows without a pause. A delay after a failure is not shortened: it protects the database. */
  wake(): void {
    this.woken = true;
    if (this.failures === 0) this.endWait?.();
  }

  /** Resolves when the tick that runs has ended; from then on nothing runs. */
  async stop(): Promise<void> {
    this.stopping.abort();
    this.endWait?.();
    await this.running;
  }

  /** Has ticked without an error at least once, the last time too, and is neither stopped nor unstarted. What readiness asks. */
  get healthy(): boolean {
    return this.running !== null && !this.stopping.signal.aborted && this.ticked && this.failures === 0;
  }

  private async run(): Promise<void> {
    let more = 0;
    while (!this.stopping.signal.aborted) {
      this.woken = false;
      const result = await this.tickOnce();
      more = result === 'more' ? more + 1 : 0;
      if (result === 'more' && more < MORE_TICKS_MAX) continue;
      more = 0;
      await this.wait(result === 'failed' ? this.failureDelayMs() : this.options.intervalMs);
    }
  }

  private async tickOnce(): Promise<TickResult | 'failed'> {
    try {
      const result = await this.options.tick(this.stopping.signal);
      if (this.failures > 0) logEvent(this.options.logger, 'loop_recovered', { loop: this.name, failures: this.failures });
      this.failures = 0;
      this.ticked = true;
      return result;
    } catch (error) {
      if (this.stopping.signal.aborted && (isUnavailable(error) || (error as Error).name === 'AbortError')) return 'failed';
      this.failures += 1;
      this.reportFailure(error);
      return 'failed';
    }
  }

  private failureDelayMs(): number {
    return jittered(nextDelayMs(this.failures, this.options.backoff ?? LOOP_BACKOFF), Math.random());
  }

  /** The 1st, 2nd, 4th, 8th... failure in a row: an outage of an hour is a dozen lines. */
  private reportFailure(error: unknown): void {
    if ((this.failures & (this.failures - 1)) !== 0) return;
    const reason = reasonOf(error);
    const code = isWorkflowError(error) ? { code: error.code } : {};
    const nextMs = nextDelayMs(this.failures, this.options.backoff ?? LOOP_BACKOFF);
    logEvent(this.options.logger, 'loop_failed', { loop: this.name, failures: this.failures, nextMs, ...code, reason });
  }

  private wait(delayMs: number): Promise<void> {
    if ((this.woken && this.failures === 0) || this.stopping.signal.aborted) return Promise.resolve();
    return new Promise((resolve) => {
      const end = (): void => {
        clearTimeout(timer);
        this.endWait = null;
        resolve();
      };
      const timer = setTimeout(end, delayMs);
      this.endWait = end;
    });
  }
}
