// Gauges that need SQL: computed once per scrape interval, by the leader only, so that ten processes do not ask the same ten times. Whoever stops
// leading forgets its values: an old number beside a new one is worse than none.
import type { Logger } from '../domain/index.js';
import { Loop } from '../loop/index.js';

export interface LeaderGaugesOptions {
  /** As it stands in the log. */
  name: string;
  logger: Logger;
  /** Whether this process leads now, e.g. `() => elector.token() !== null`. */
  leads: () => boolean;
  /** Asks, resets what may have vanished, and sets. */
  compute: () => Promise<void>;
  /** What compute sets. */
  gauges: readonly { reset(): void }[];
  /** Default 15 s: Prometheus' usual scrape interval. */
  intervalMs?: number;
}

const SCRAPE_INTERVAL_MS = 15_000;

export class LeaderGauges {
  private readonly loop: Loop;
  private set = false;

  constructor(private readonly options: LeaderGaugesOptions) {
    const { name, logger, intervalMs = SCRAPE_INTERVAL_MS } = options;
    this.loop = new Loop({ name, logger, intervalMs, tick: () => this.tick() });
  }

  start(): void {
    this.loop.start();
  }

  /** Computes now rather than at the next interval: a new leader need not leave a gap. */
  wake(): void {
    this.loop.wake();
  }

  async stop(): Promise<void> {
    await this.loop.stop();
    this.reset();
  }

  private async tick(): Promise<'idle'> {
    if (!this.options.leads()) {
      this.reset();
      return 'idle';
    }
    this.set = true;
    await this.options.compute();
    return 'idle';
  }

  private reset(): void {
    if (!this.set) return;
    for (const gauge of this.options.gauges) gauge.reset();
    this.set = false;
  }
}
