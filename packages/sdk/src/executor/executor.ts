// A worker in this process: claims tasks, runs handlers, reports outcomes, says that it is alive, and drains. This file wires.
// Failure: a database that goes away stops claims, keeps outcomes until they are answered, and aborts what runs only when the heartbeat timeout is over.
// A claim whose answer was lost comes up again by itself. Nothing here ends the process.
import {
  DefinitionStore,
  isWorkflowError,
  TaskStore,
  WorkerStore,
  type ClaimedTask,
  type Database,
  type ReportVerdict,
  type Wakeups,
} from '@singularity-workflow/core';
import { AttemptRunner } from './attempt-runner.js';
import { ClaimLoop } from './claim.loop.js';
import { ClaimRefusals } from './claim-refusals.js';
import { connections, quorumRunsOf } from './connections.js';
import { drain, type DrainOptions } from './drain.js';
import { EventTap, type ExecutorListener } from './events.js';
import { HandlerRegistry } from './handler-registry.js';
import { HeartbeatLoop, WAKES_HEARTBEAT } from './heartbeat.loop.js';
import { Membership } from './membership.js';
import { harmless, outcomeOf, type ExecutorMetrics, type TaskOutcome } from './metrics.js';
import { OutcomeBatcher } from './outcome-batcher.js';
import type { Report } from './report-lane.js';
import { SettledClaims } from './settled-claims.js';
import { mayLead, type ExecutorSettings } from './settings.js';
import type { ExecutorState, ExecutorStats } from './stats.js';
import { untilAnswered } from './until-answered.js';

export class Executor {
  private state: ExecutorState = 'new';
  private claimed = 0;
  private readonly metrics: ExecutorMetrics;
  private readonly counts: Record<TaskOutcome, number> = { completed: 0, failed: 0, released: 0, aborted: 0, lost: 0 };
  private readonly database: Database;
  private readonly wakeups: Wakeups | undefined;
  private readonly tap: EventTap;
  private readonly tasks: TaskStore;
  private readonly registry: HandlerRegistry;
  private readonly membership: Membership;
  private readonly refusals: ClaimRefusals;
  private readonly settled = new SettledClaims(() => this.membership.workerId);
  private readonly outcomes: OutcomeBatcher;
  private readonly runner: AttemptRunner;
  private readonly claims: ClaimLoop;
  private readonly heartbeats: HeartbeatLoop;
  /** Aborts at the first call of `stop`, and at the second. */
  private readonly stopping = new AbortController();
  private readonly hastening = new AbortController();
  private started: Promise<void> | undefined;
  private stopped: Promise<void> | undefined;
  private readonly ended: Promise<void>;
  private markEnded: () => void = () => undefined;
  private stopListening: (() => void) | undefined;
  /** False while the heartbeat is late: what would be claimed now could be taken away at once. */
  private trusted = true;
  private onSettled: () => void = () => undefined;

  constructor(private readonly settings: ExecutorSettings) {
    const { logger, metrics, workflows } = settings;
    this.ended = new Promise((resolve) => {
      this.markEnded = resolve;
    });
    this.tap = new EventTap(logger);
    this.metrics = harmless(metrics, logger);
    const { database, wakeups } = connections(settings, this.tap);
    this.database = database;
    this.wakeups = wakeups;
    this.tasks = new TaskStore(database);
    this.registry = new HandlerRegistry(workflows);
    this.refusals = new ClaimRefusals(settings, this.tap);
    this.membership = new Membership(settings, new WorkerStore(database), this.tap);
    this.outcomes = this.makeOutcomes();
    this.runner = this.makeRunner();
    this.claims = this.makeClaims();
    this.heartbeats = this.makeHeartbeats();
  }

  /** Registers workflows and worker, then begins to claim. Waits while the database is away; rejects for a definition that it refuses. */
  start(): Promise<void> {
    this.started ??= this.begin().catch((error: unknown) => {
      void this.stop();
      throw error;
    });
    return this.started;
  }

  /** Drains: no more claims, what runs may finish for drainTimeoutMs, the rest is given back. A second call hastens: given back at once. */
  stop({ hasten = false }: { hasten?: boolean } = {}): Promise<void> {
    if (this.stopped !== undefined || hasten) this.hastening.abort();
    this.stopped ??= this.end();
    return this.stopped;
  }

  /** Gives back what runs here, and goes on: for a leader that hands over (active-passive). No failure is counted. */
  giveBack = (): void => this.runner.giveBack('drain');

  /** Resolves when the executor has stopped, by whosever wish: an operator may drain it from outside. */
  whenStopped(): Promise<void> {
    return this.ended;
  }

  /** Calls back for every event that is logged. Answers how to stop it. */
  onEvent(listener: ExecutorListener): () => void {
    return this.tap.add(listener);
  }

  get stats(): ExecutorStats {
    const healthy = this.state === 'running' && this.trusted && this.claims.healthy && this.heartbeats.healthy;
    const { busy, abandoned } = this.runner;
    const { state, claimed, counts, membership, outcomes } = this;
    return { state, workerId: membership.workerId, healthy, busy, abandoned, unreported: outcomes.size, claimed, outcomes: { ...counts } };
  }

  private async begin(): Promise<void> {
    if (this.stopped !== undefined) throw new Error('this executor was stopped; make another');
    this.state = 'starting';
    const patience = { signal: this.stopping.signal, logger: this.tap };
    await untilAnswered('definitions', () => this.membership.define(new DefinitionStore(this.database), this.registry), patience);
    await untilAnswered('registration', () => this.membership.join(this.registry), patience);
    if (this.stopping.signal.aborted) return;
    this.state = 'running';
    this.heartbeats.start();
    this.claims.start();
    const wakeUps = [...this.settings.queues, WAKES_HEARTBEAT];
    this.stopListening = this.wakeups?.listen(wakeUps, (by) => (by === WAKES_HEARTBEAT ? this.heartbeats : this.claims).wake());
  }

  private async end(): Promise<void> {
    const wasRunning = this.state === 'running';
    this.stopping.abort();
    await this.started?.catch(() => undefined);
    this.state = 'draining';
    if (wasRunning) await drain(this.drainOptions());
    this.stopListening?.();
    if (this.settings.database === undefined) await Promise.all([this.wakeups?.close(), this.database.close()]);
    this.runner.stop();
    this.state = 'stopped';
    this.markEnded();
  }

  private get wantsWork(): boolean {
    return this.trusted && !this.stopping.signal.aborted && mayLead(this.settings);
  }

  private drainOptions(): DrainOptions {
    return {
      timeoutMs: this.settings.drainTimeoutMs,
      hastened: this.hastening.signal,
      membership: this.membership,
      claims: this.claims,
      heartbeats: this.heartbeats,
      runner: this.runner,
      outcomes: this.outcomes,
      logger: this.tap,
      onSettled: (callback) => void (this.onSettled = callback),
    };
  }

  private makeOutcomes(): OutcomeBatcher {
    const { flushSize, flushIntervalMs, concurrency, queues, leaderToken } = this.settings;
    return new OutcomeBatcher({
      tasks: this.tasks,
      settled: this.settled,
      logger: this.tap,
      flushSize,
      flushIntervalMs,
      unreportedMax: 2 * Math.max(flushSize, concurrency),
      isIdle: () => this.runner.busy === 0,
      takesOver: () => this.wantsWork,
      leaderToken,
      onVerdict: (report, verdict) => this.judged(report, verdict),
      onGivenUp: (report) => this.givenUp(report),
      trustedUntilMs: () => this.heartbeats.trustedUntilMs,
      onHandedOver: (tasks, workerId, untilMs) => {
        this.metrics.handedOver?.(tasks.length);
        this.take(tasks, workerId, untilMs);
      },
      onAnswered: () => {
        this.claims.slotFree();
        this.onSettled();
      },
      onRunsEnded: (runs) => this.metrics.runsEnded?.(runs),
      quorum: quorumRunsOf(this.database, this.settings.quorumTimeoutMs, this.metrics),
      onUnconfirmed: ({ attempt }) => this.runner.freeSlotOf(attempt),
      onWork: (worked) => {
        if (queues.some((queue) => worked.has(queue))) this.claims.wake();
        this.wakeups?.notify([...worked]);
      },
    });
  }

  private makeRunner(): AttemptRunner {
    const { concurrency, region, logger } = this.settings;
    return new AttemptRunner({
      registry: this.registry,
      outcomes: this.outcomes,
      settled: this.settled,
      source: { region, logger },
      concurrency,
      metrics: this.metrics,
      logger: this.tap,
      onSlotFree: () => this.claims.slotFree(),
      isTrusted: (workerId) => this.trusted && !this.membership.isRejoining && workerId === this.membership.workerId,
    });
  }

  private makeClaims(): ClaimLoop {
    const { batchSize, concurrency, pollIntervalMs } = this.settings;
    return new ClaimLoop({
      batchSize,
      concurrency,
      pollIntervalMs,
      logger: this.tap,
      freeSlots: () => (this.wantsWork ? this.runner.freeSlots : 0),
      isBlocked: () => this.outcomes.isFull || this.outcomes.isFailing,
      isWoken: () => this.wakeups?.arriving ?? false,
      claim: (capacity) => this.claim(capacity),
    });
  }

  private makeHeartbeats(): HeartbeatLoop {
    const { heartbeatIntervalMs, heartbeatTimeoutMs, leaderToken } = this.settings;
    return new HeartbeatLoop({
      workers: new WorkerStore(this.database),
      settled: this.settled,
      workerId: () => this.membership.workerId,
      leaderToken,
      intervalMs: heartbeatIntervalMs,
      timeoutMs: heartbeatTimeoutMs,
      logger: this.tap,
      isWoken: () => this.wakeups?.arriving ?? false,
      held: () => this.runner.held,
      onAbort: (attempt, { reason }) => {
        if (this.runner.abort(attempt, reason)) this.count(reason === 'lost' ? 'lost' : 'aborted');
        this.onSettled();
      },
      onDeprecated: () => {
        if (this.stopped === undefined) void this.stop();
      },
      onUnknown: (workerId) => this.rejoin(workerId),
      onLate: () => {
        this.trusted = false;
        this.runner.giveBack('lease lost');
      },
      onAnswered: () => {
        this.trusted = true;
        this.outcomes.retryNow();
      },
    });
  }

  private async claim(capacity: number): Promise<ClaimedTask[]> {
    const [{ queues }, { workerId }, leaderToken] = [this.settings, this.membership, this.settings.leaderToken()];
    const untilMs = this.heartbeats.trustedUntilMs;
    try {
      const tasks = await this.settled.sentWith(workerId, (settled) =>
        this.tasks.start({ workerId, queues, capacity, leaderToken, settled }),
      );
      this.metrics.claimed?.(tasks.length);
      if (tasks.length > 0) this.take(tasks, workerId, untilMs);
      return tasks;
    } catch (error) {
      if (isWorkflowError(error, 'lease_lost')) return this.refusals.add(leaderToken, error);
      if (!isWorkflowError(error, 'worker_unknown')) throw error;
      await this.rejoin(workerId);
      return [];
    }
  }

  private take(tasks: readonly ClaimedTask[], workerId: string, untilMs: number): void {
    this.claimed += tasks.length;
    this.runner.run(tasks, workerId, untilMs);
  }

  private rejoin(formerId: string): Promise<void> {
    return this.membership.rejoin(formerId, this.registry, () => {
      this.counts.lost += this.runner.abortAll();
    });
  }

  private judged(report: Report, verdict: ReportVerdict): void {
    const outcome = outcomeOf(report, verdict);
    if (verdict === 'not_home') this.runner.drop(report.attempt);
    else this.runner.forget(report.attempt);
    this.count(outcome);
    this.metrics.ended?.(outcome, report.attempt.task);
  }

  private givenUp({ attempt }: Report): void {
    this.runner.drop(attempt);
    this.count('lost');
    this.metrics.ended?.('lost', attempt.task);
  }

  private count(outcome: TaskOutcome): void {
    this.counts[outcome] += 1;
  }
}
