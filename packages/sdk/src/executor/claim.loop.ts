// Claims what the free slots allow, one claim in flight, while handlers run and outcomes are reported beside it.
//
// Pace: after a full claim the next one follows as soon as slots are free; where only a few are, claims
// keep GATHER_MS between them, for a claim costs the database much more than a task in it. After a claim that was not full, the next poll comes after pollIntervalMs, and
// where wake-ups do not arrive at growing distances up to it: a poll in vain costs the database half of a claim, and would come while the tasks just
// claimed are at work. A wake-up ends the wait. A wake-up during a claim is not lost: another claim follows.
import { type ClaimedTask, type Logger, Loop, type TickResult } from '@singularity-workflow/core';

export interface ClaimLoopOptions {
  readonly batchSize: number;
  readonly concurrency: number;
  readonly pollIntervalMs: number;
  readonly logger: Logger;
  readonly freeSlots: () => number;
  /** True while so many outcomes are unreported that more work would only add to them. */
  readonly isBlocked: () => boolean;
  /** True while wake-ups are known to arrive. */
  readonly isWoken: () => boolean;
  readonly claim: (capacity: number) => Promise<ClaimedTask[]>;
}

const GATHER_MS = 2;
const POLL_MIN_MS = 5;

export class ClaimLoop {
  private readonly loop: Loop;
  private readonly gatherSlots: number;
  /** Waits for slots, or for room for outcomes. */
  private starved = false;
  private woken = false;
  private claimedAtMs = -Infinity;
  private pauseMs = POLL_MIN_MS;

  constructor(private readonly options: ClaimLoopOptions) {
    this.gatherSlots = Math.max(1, Math.min(options.batchSize, Math.ceil(options.concurrency / 4)));
    const pauseMs = (): number => this.pauseMs;
    this.loop = new Loop({
      name: 'claim',
      logger: options.logger,
      tick: () => this.tick(),
      get intervalMs() {
        return pauseMs();
      },
    });
  }

  start(): void {
    this.loop.start();
  }

  /** Resolves when no claim is in flight any more; what it brought was delivered. */
  stop(): Promise<void> {
    return this.loop.stop();
  }

  get healthy(): boolean {
    return this.loop.healthy;
  }

  /** There may be work. */
  wake(): void {
    this.woken = true;
    this.pauseMs = POLL_MIN_MS;
    this.loop.wake();
  }

  /** A slot is free again, or outcomes were reported. Called for every task. */
  slotFree(): void {
    if (!this.starved || this.options.freeSlots() < this.gatherSlots || this.options.isBlocked()) return;
    this.starved = false;
    this.loop.wake();
  }

  private async tick(): Promise<TickResult> {
    const { batchSize, pollIntervalMs, freeSlots, isBlocked, isWoken } = this.options;
    const free = freeSlots();
    this.starved = free <= 0 || isBlocked();
    if (this.starved) return this.pause(pollIntervalMs);
    if (free < this.gatherSlots && performance.now() - this.claimedAtMs < GATHER_MS) {
      this.starved = true;
      return this.pause(GATHER_MS);
    }
    this.woken = false;
    const asked = Math.min(free, batchSize);
    const claimed = (await this.options.claim(asked)).length;
    this.claimedAtMs = performance.now();
    if (claimed === asked || this.woken) return 'more';
    if (isWoken()) return this.pause(pollIntervalMs);
    return this.pause(claimed > 0 ? POLL_MIN_MS : Math.max(POLL_MIN_MS, this.pauseMs * 2));
  }

  private pause(ms: number): TickResult {
    this.pauseMs = Math.min(ms, this.options.pollIntervalMs);
    return 'idle';
  }
}
