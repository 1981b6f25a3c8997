// Says "I am alive, and this is what I hold" in one call, and does what the answer says: abort, drain, register anew.
//
// Trust: what this process holds is its own until the heartbeat timeout has passed since it SENT the last heartbeat that was answered. From then on
// the database may have given its tasks away, so everything is aborted and given back, whether or not the database can be asked.
// Events: heartbeat_late.
import { isWorkflowError, Loop, logEvent, type AbortOrder, type Logger, type WorkerStore } from '@singularity-workflow/core';
import type { Attempt } from './attempt.js';
import type { SettledClaims } from './settled-claims.js';

export interface HeartbeatOptions {
  readonly workers: WorkerStore;
  readonly settled: SettledClaims;
  readonly workerId: () => string;
  readonly leaderToken: () => number | null;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly logger: Logger;
  /** Everything in flight, outcomes without a verdict included: what this process does not name is in time taken from it. */
  readonly held: () => Iterable<Attempt>;
  readonly onAbort: (attempt: Attempt, order: AbortOrder) => void;
  /** Somebody drains this worker from outside. */
  readonly onDeprecated: () => void;
  /** Stopped or judged dead: what it held is somebody else's. */
  readonly onUnknown: (workerId: string) => Promise<void>;
  readonly onLate: () => void;
  readonly onAnswered: () => void;
}

export class HeartbeatLoop {
  private readonly loop: Loop;
  private watchdog: NodeJS.Timeout | undefined;
  private trustedSinceMs = performance.now();

  constructor(private readonly options: HeartbeatOptions) {
    const { intervalMs, logger } = options;
    const backoff = { baseMs: Math.min(100, intervalMs), maxMs: intervalMs };
    this.loop = new Loop({ name: 'heartbeat', intervalMs, logger, backoff, tick: () => this.tick() });
  }

  /** The worker was registered just now. */
  start(): void {
    this.trustFrom(performance.now());
    this.loop.start();
  }

  async stop(): Promise<void> {
    clearTimeout(this.watchdog);
    await this.loop.stop();
    clearTimeout(this.watchdog);
  }

  get healthy(): boolean {
    return this.loop.healthy;
  }

  private async tick(): Promise<'idle'> {
    const { workers, settled: claims, workerId, leaderToken, held } = this.options;
    const sentAtMs = performance.now();
    const sentAs = workerId();
    const attempts = [...held()].filter((attempt) => attempt.workerId === sentAs);
    try {
      const inFlight = attempts.map((attempt) => attempt.name);
      const { state, aborts } = await claims.sentWith(sentAs, (settled) =>
        workers.heartbeat({ workerId: sentAs, inFlight, leaderToken: leaderToken(), settled }),
      );
      this.trustFrom(sentAtMs);
      this.options.onAnswered();
      this.abortAll(attempts, aborts);
      if (state === 'deprecated') this.options.onDeprecated();
    } catch (error) {
      if (!isWorkflowError(error, 'worker_unknown')) throw error;
      await this.options.onUnknown(sentAs);
      this.trustFrom(performance.now());
      this.options.onAnswered();
    }
    return 'idle';
  }

  private abortAll(attempts: readonly Attempt[], orders: readonly AbortOrder[]): void {
    if (orders.length === 0) return;
    const byName = new Map(attempts.map((attempt) => [nameOf(attempt.task), attempt]));
    for (const order of orders) {
      const attempt = byName.get(nameOf(order));
      if (attempt !== undefined) this.options.onAbort(attempt, order);
    }
  }

  private trustFrom(sentAtMs: number): void {
    this.trustedSinceMs = sentAtMs;
    clearTimeout(this.watchdog);
    const leftMs = sentAtMs + this.options.timeoutMs - performance.now(); // none, when the answer took longer than the timeout
    this.watchdog = setTimeout(() => this.late(), Math.max(0, leftMs));
  }

  private late(): void {
    const sinceMs = Math.round(performance.now() - this.trustedSinceMs);
    logEvent(this.options.logger, 'heartbeat_late', { workerId: this.options.workerId(), sinceMs });
    this.options.onLate();
  }
}

function nameOf({ runId, stepSlug, taskIndex, attempt }: Omit<AbortOrder, 'reason'>): string {
  return `${runId}:${stepSlug}:${taskIndex}:${attempt}`;
}
