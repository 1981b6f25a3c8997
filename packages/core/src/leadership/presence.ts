// This process in workflow_workers: registered, heard of, gone in order. Every app has one; an executor's also carries what runs (visibility, aborts).
//
// A worker that was silent for longer than its timeout is dead to the others, also if it lives: its next heartbeat is `worker_unknown`, and it
// registers again, under a new id where the old one is spent (its tasks are somebody else's now, or a former process was stopped under it). Limit: it keeps trying for ever while the database is away; whether this process may claim is SQL's decision, not its own.
// Events: worker_registered, worker_deprecated, worker_stopped, heartbeat_late.
import { isWorkflowError, type Logger } from '../domain/index.js';
import { Loop, type TickResult } from '../loop/index.js';
import type { AbortOrder, TaskRef, WorkerRegistration, WorkerStore } from '../store/index.js';
import { logEvent } from '../telemetry/index.js';

export interface PresenceOptions {
  /** Asked at every registration: the address and the handlers may be known late. `workerId` is the first id to try. */
  describe: () => WorkerRegistration;
  workers: WorkerStore;
  /** Time between two heartbeats, ms. */
  intervalMs: number;
  logger: Logger;
  /** What runs here now; nothing without it. */
  inFlight?: () => readonly TaskRef[];
  /** The lease token that this process believes it holds. */
  leaderToken?: () => number | null;
  /** Attempts that must end. Called only with at least one. */
  onAborts?: (aborts: readonly AbortOrder[]) => void;
  /** Told after each registration; `again`: it had been taken for dead, or was described anew. */
  onRegistered?: (again: boolean, workerId: string) => void;
  /** Somebody else (an operator) deprecated this worker: drain. Called once. */
  onDeprecated?: () => void;
}

export class Presence {
  /** Set by whoever leads, when the leader is made after the presence: what heartbeats report. */
  leaderToken: () => number | null;
  private readonly options: PresenceOptions;
  private readonly loop: Loop;
  private id: string;
  private known = false;
  private everKnown = false;
  private heardAtMs: number | null = null;
  private deprecation: 'none' | 'wanted' | 'done' = 'none';

  constructor(options: PresenceOptions) {
    this.options = options;
    this.leaderToken = options.leaderToken ?? (() => null);
    this.id = options.describe().workerId;
    const { intervalMs, logger } = options;
    const backoff = { baseMs: Math.min(100, intervalMs), maxMs: intervalMs };
    this.loop = new Loop({ name: 'heartbeat', intervalMs, backoff, logger, tick: () => this.tick() });
  }

  /** Registers, then heartbeats every interval. */
  start(): void {
    this.loop.start();
  }

  /** The id that this process is known under. It changes when the former one is spent. */
  get workerId(): string {
    return this.id;
  }

  /** Registered, and heard of within its timeout: what readiness asks. */
  get registered(): boolean {
    return this.known && this.silentForMs() <= this.options.describe().heartbeatTimeoutMs;
  }

  /** A heartbeat now: after a change of what runs, or to learn of aborts sooner. */
  beat(): void {
    this.loop.wake();
  }

  /** Registers again at once: the description changed. */
  refresh(): void {
    this.known = false;
    this.loop.wake();
  }

  /** First step of a drain: no more work for this worker; heartbeats go on. Retried by the heartbeats if the database does not answer now. */
  async deprecate(): Promise<void> {
    if (this.deprecation === 'done') return;
    this.deprecation = 'wanted';
    await this.deprecateNow().catch(() => this.loop.wake());
  }

  /** Last step: no more heartbeats, marked as stopped. Never fails: a worker that could not say so is found silent. */
  async stop(): Promise<void> {
    await this.loop.stop();
    if (!this.known) return;
    this.known = false;
    const stopped = await this.options.workers.stop(this.workerId).catch(() => false);
    if (stopped) logEvent(this.options.logger, 'worker_stopped', { workerId: this.workerId });
  }

  private async tick(): Promise<TickResult> {
    if (!this.known) await this.register();
    if (this.deprecation === 'wanted') await this.deprecateNow();
    return this.heartbeat();
  }

  private async register(): Promise<void> {
    const { workers, describe, logger, onRegistered } = this.options;
    try {
      await workers.register({ ...describe(), workerId: this.id });
    } catch (error) {
      if (!isWorkflowError(error, 'worker_unknown')) throw error;
      this.id = crypto.randomUUID();
      await workers.register({ ...describe(), workerId: this.id });
    }
    const again = this.everKnown;
    this.known = true;
    this.everKnown = true;
    this.heardAtMs = performance.now();
    if (this.deprecation === 'done') this.deprecation = 'wanted';
    logEvent(logger, 'worker_registered', { workerId: this.workerId, again });
    onRegistered?.(again, this.workerId);
  }

  private async heartbeat(): Promise<TickResult> {
    const { workers, inFlight, onAborts, describe, logger } = this.options;
    try {
      const answer = await workers.heartbeat({ workerId: this.workerId, inFlight: inFlight?.() ?? [], leaderToken: this.leaderToken() });
      const sinceMs = this.silentForMs();
      this.heardAtMs = performance.now();
      if (sinceMs > describe().heartbeatTimeoutMs) logEvent(logger, 'heartbeat_late', { workerId: this.workerId, sinceMs });
      if (answer.aborts.length > 0) onAborts?.(answer.aborts);
      if (answer.state === 'deprecated') this.foundDeprecated();
      return 'idle';
    } catch (error) {
      if (!isWorkflowError(error, 'worker_unknown')) throw error;
      this.known = false;
      return 'more';
    }
  }

  private async deprecateNow(): Promise<void> {
    if (!this.known) return;
    await this.options.workers.deprecate(this.workerId);
    if (this.deprecation === 'done') return; // a heartbeat said so at the same time
    this.deprecation = 'done';
    logEvent(this.options.logger, 'worker_deprecated', { workerId: this.workerId });
  }

  private foundDeprecated(): void {
    if (this.deprecation !== 'none') return;
    this.deprecation = 'done';
    logEvent(this.options.logger, 'worker_deprecated', { workerId: this.workerId });
    this.options.onDeprecated?.();
  }

  private silentForMs(): number {
    return this.heardAtMs === null ? Number.POSITIVE_INFINITY : Math.round(performance.now() - this.heardAtMs);
  }
}
