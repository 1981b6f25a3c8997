// Says "I am alive, and this is what I hold" in one call, and does what the answer says: abort, drain, register anew.
//
// Trust: what this process holds is its own until the heartbeat timeout has passed since it SENT the last heartbeat that was answered, or, in several
// regions, until the region's lease has run out that the answer told of, if that is sooner. From then on the database, or another region, may have given
// its tasks away, so everything is aborted and given back, whether or not the database can be asked.
//
// Pace: intervalMs. A worker of a mesh whom no wake-up reaches (a pooler swallows LISTEN) beats every UNWOKEN_MS, for that is how it hears that a tenant who is
// moved away wants its tasks back, and the tenant waits.
// Events: heartbeat_late.
import { isWorkflowError, Loop, logEvent, MOVES_WAKE, type AbortOrder, type Logger, type WorkerStore } from '@singularity-workflow/core';
import type { Attempt } from './attempt.js';
import type { SettledClaims } from './settled-claims.js';

/** What is heard at once when it is asked for: what a move wants back. */
export const WAKES_HEARTBEAT = MOVES_WAKE;

const UNWOKEN_MS = 500;
/** What is left of the lease of a region alone, which has no end. */
const ENDLESS_MS = 2_147_483_647;

export interface HeartbeatOptions {
  readonly workers: WorkerStore;
  readonly settled: SettledClaims;
  readonly workerId: () => string;
  readonly leaderToken: () => number | null;
  readonly intervalMs: number;
  readonly timeoutMs: number;
  readonly logger: Logger;
  /** True while wake-ups are known to arrive. */
  readonly isWoken: () => boolean;
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
  private untilMs = Infinity;
  private isLate = false;
  private inMesh = false;

  constructor(private readonly options: HeartbeatOptions) {
    const { intervalMs, logger, isWoken } = options;
    const backoff = { baseMs: Math.min(100, intervalMs), maxMs: intervalMs };
    const paceMs = (): number => (this.inMesh && !isWoken() ? Math.min(intervalMs, UNWOKEN_MS) : intervalMs);
    this.loop = new Loop({
      name: 'heartbeat',
      logger,
      backoff,
      tick: () => this.tick(),
      get intervalMs() {
        return paceMs();
      },
    });
  }

  /** The worker was registered just now. */
  start(): void {
    this.trustFrom(performance.now(), null);
    this.loop.start();
  }

  /** Beats now: there is something to be heard. */
  wake(): void {
    this.loop.wake();
  }

  async stop(): Promise<void> {
    clearTimeout(this.watchdog);
    await this.loop.stop();
    clearTimeout(this.watchdog);
  }

  /** On this process's monotonic clock, ms: what was asked for before must begin before, or not at all. */
  get trustedUntilMs(): number {
    return this.untilMs;
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
      const { state, aborts, leaseLeftMs } = await claims.sentWith(sentAs, (settled) =>
        workers.heartbeat({ workerId: sentAs, inFlight, leaderToken: leaderToken(), settled }),
      );
      this.inMesh = leaseLeftMs !== ENDLESS_MS;
      if (this.trustFrom(sentAtMs, leaseLeftMs ?? 0)) this.options.onAnswered();
      this.abortAll(attempts, aborts);
      if (state === 'deprecated') this.options.onDeprecated();
    } catch (error) {
      if (!isWorkflowError(error, 'worker_unknown')) throw error;
      await this.options.onUnknown(sentAs);
      this.trustFrom(performance.now(), null);
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

  /** `leaseLeftMs` null: registered just now, the next heartbeat tells. False: the time was over before the answer came. */
  private trustFrom(sentAtMs: number, leaseLeftMs: number | null): boolean {
    this.trustedSinceMs = sentAtMs;
    this.untilMs = sentAtMs + Math.min(this.options.timeoutMs, leaseLeftMs ?? Infinity);
    clearTimeout(this.watchdog);
    const leftMs = this.untilMs - performance.now();
    if (leftMs <= 0) {
      this.late();
      return false;
    }
    this.isLate = false;
    this.watchdog = setTimeout(() => this.late(), leftMs);
    return true;
  }

  private late(): void {
    const sinceMs = Math.round(performance.now() - this.trustedSinceMs);
    if (!this.isLate) logEvent(this.options.logger, 'heartbeat_late', { workerId: this.options.workerId(), sinceMs });
    this.isLate = true;
    this.options.onLate();
  }
}

function nameOf({ runId, stepSlug, taskIndex, attempt }: Omit<AbortOrder, 'reason'>): string {
  return `${runId}:${stepSlug}:${taskIndex}:${attempt}`;
}
