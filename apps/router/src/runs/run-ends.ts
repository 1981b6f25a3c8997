// Tells waiting requests that their run has ended. One poller for all of them: one query on the primary key for every run that somebody
// waits for. Limit: WAITERS_MAX requests at a time; nobody polls while nobody waits.
import type { Logger, RunReader } from '@singularity-workflow/core';
import { Loop } from '@singularity-workflow/core';
import { Refusal } from '../wire/refusal.js';

export const WAITERS_MAX = 1_000;
const POLL_INTERVAL_MS = 30;

interface Waiter {
  runId: string;
  settle(ended: boolean): void;
}

export class RunEnds {
  private readonly waiters = new Map<string, Set<Waiter>>();
  private readonly loop: Loop;
  private count = 0;
  private closed = false;

  constructor(
    private readonly runs: Pick<RunReader, 'finished'>,
    logger: Logger,
  ) {
    this.loop = new Loop({ name: 'run-ends', intervalMs: POLL_INTERVAL_MS, tick: () => this.tick(), logger });
    this.loop.start();
  }

  /** True once the run has ended (or is gone), false after `waitMs`, when the client went away or when the process stops. */
  wait(runId: string, waitMs: number, gone: AbortSignal): Promise<boolean> {
    if (this.closed || gone.aborted) return Promise.resolve(false);
    if (this.count >= WAITERS_MAX) {
      const facts = { waiters_max: WAITERS_MAX };
      return Promise.reject(
        new Refusal('too_many_waiters', `${WAITERS_MAX} requests are waiting for runs already.`, { field: 'wait', facts }),
      );
    }
    return new Promise((resolve) => {
      const waiter: Waiter = { runId, settle: done };
      const giveUp = () => done(false);
      const timer = setTimeout(giveUp, waitMs);
      const remove = () => this.remove(waiter);
      gone.addEventListener('abort', giveUp, { once: true });
      function done(ended: boolean): void {
        clearTimeout(timer);
        gone.removeEventListener('abort', giveUp);
        remove();
        resolve(ended);
      }
      this.add(waiter);
    });
  }

  async close(): Promise<void> {
    this.closed = true;
    for (const waiter of this.all()) waiter.settle(false);
    await this.loop.stop();
  }

  private add(waiter: Waiter): void {
    const waiters = this.waiters.get(waiter.runId) ?? new Set();
    this.waiters.set(waiter.runId, waiters.add(waiter));
    this.count++;
  }

  private remove(waiter: Waiter): void {
    const waiters = this.waiters.get(waiter.runId);
    if (!waiters?.delete(waiter)) return;
    this.count--;
    if (waiters.size === 0) this.waiters.delete(waiter.runId);
  }

  private all(): Waiter[] {
    return [...this.waiters.values()].flatMap((waiters) => [...waiters]);
  }

  private async tick(): Promise<'idle'> {
    if (this.waiters.size === 0) return 'idle';
    for (const { runId } of await this.runs.finished([...this.waiters.keys()])) {
      for (const waiter of this.waiters.get(runId) ?? []) waiter.settle(true);
    }
    return 'idle';
  }
}
