// Runs handlers, one attempt each, and turns what they return or throw into outcomes. An attempt that is over before its handler is, by timeout
// or abort, is abandoned: its signal aborts, its slot is free, and whatever the handler does later is ignored.
//
// An attempt whose step others follow keeps its slot until its verdict: the database hands this process what follows with the answer, and there
// must be room. One of a map does so only when nothing else runs here: of many tasks only the last one leads on, and slots are for handlers.
//
// Limits: `concurrency` slots; handlers that ignore their signal keep memory, so that from ABANDONED_MAX of them on each holds a slot again.
// The event loop gets a turn every SLICE_MS while a batch is begun.
import { type AbortReason, type ClaimedTask, type Logger, logEvent } from '@singularity-workflow/core';
import { AttemptAborted } from '../errors.js';
import { Attempt, AttemptContext, type ContextSource } from './attempt.js';
import { failureOf } from './failure.js';
import type { HandlerRegistry } from './handler-registry.js';
import type { ExecutorMetrics } from './metrics.js';
import type { OutcomeBatcher } from './outcome-batcher.js';
import { outputText } from './output.js';
import { HeldClaim, type SettledClaims } from './settled-claims.js';
import { TimeoutSweep } from './timeout-sweep.js';

export interface RunnerOptions {
  readonly registry: HandlerRegistry;
  readonly outcomes: OutcomeBatcher;
  readonly settled: SettledClaims;
  readonly source: ContextSource;
  readonly concurrency: number;
  readonly metrics: ExecutorMetrics;
  readonly logger: Logger;
  readonly onSlotFree: () => void;
  /** False: what this worker claimed may be somebody else's by now. */
  readonly isTrusted: (workerId: string) => boolean;
}

type Cause = 'drain' | 'lease lost' | 'moving';

const ABANDONED_MAX = 1_000;
const SLICE_MS = 8;

const breath = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

export class AttemptRunner {
  /** Claimed here, and without a verdict yet. */
  readonly held = new Set<Attempt>();
  /** Claimed and not ended. */
  private busyCount = 0;
  /** Ended, and not free before their verdict. */
  private keptCount = 0;
  private abandonedCount = 0;
  private closed = false;
  private readonly sweep = new TimeoutSweep((nowMs) => this.expire(nowMs));

  constructor(private readonly options: RunnerOptions) {}

  get busy(): number {
    return this.busyCount;
  }

  /** Handlers that still run although their attempt is over. */
  get abandoned(): number {
    return this.abandonedCount;
  }

  get freeSlots(): number {
    return this.options.concurrency - this.busyCount - this.keptCount - Math.max(0, this.abandonedCount - ABANDONED_MAX);
  }

  /**
   * Takes over what a claim answered, or what was handed over with a verdict; the handlers begin in this turn of the event loop, or in the next ones if
   * they are slow to begin. After `untilMs`, up to when this process was trusted as it asked for them, they are given back instead.
   */
  run(tasks: readonly ClaimedTask[], workerId: string, untilMs: number): void {
    shareRunInputs(tasks);
    const attempts = attemptsOf(tasks, workerId);
    this.busyCount += attempts.length;
    for (const attempt of attempts) this.held.add(attempt);
    if (this.closed) this.giveBack('drain', attempts);
    else if (performance.now() >= untilMs || !this.options.isTrusted(workerId)) this.giveBack('lease lost', attempts);
    else void this.beginAll(attempts);
  }

  /** The attempt has its verdict: its task is not this worker's any more. */
  forget(attempt: Attempt): void {
    if (this.drop(attempt)) this.options.settled.settle(attempt.claim);
  }

  /**
   * There will be no verdict. Its claim stays open for ever, so that the database, which still has the task as started, finds it there. False: it was
   * not held any more.
   */
  drop(attempt: Attempt): boolean {
    this.freeSlotOf(attempt);
    return this.held.delete(attempt);
  }

  /** Nothing is handed over with this attempt's verdict, however long that takes. */
  freeSlotOf(attempt: Attempt): void {
    if (!attempt.keepsSlot) return;
    attempt.keepsSlot = false;
    this.keptCount -= 1;
  }

  /** Another process, or nobody, goes on with this attempt's task: no report would be accepted. False: its report is on its way. */
  abort(attempt: Attempt, reason: AbortReason): boolean {
    if (attempt.phase === 'ended') return false;
    if (reason === 'moving') {
      this.giveBack('moving', [attempt]); // ours still: its region writes it until the move stops
      return false;
    }
    this.abandon(attempt, new AttemptAborted(reason));
    this.forget(attempt);
    this.options.metrics.ended?.(reason === 'lost' ? 'lost' : 'aborted', attempt.task);
    logEvent(this.options.logger, 'task_aborted', { ...attempt.name, reason });
    return true;
  }

  /** From now on what comes is given back, like what runs. */
  close(): void {
    this.closed = true;
    this.giveBack('drain');
  }

  /** Aborts what has not ended and gives it back. */
  giveBack(cause: Cause, attempts: Iterable<Attempt> = this.held): void {
    let count = 0;
    for (const attempt of attempts) {
      if (attempt.phase === 'ended') continue;
      this.abandon(attempt, new AttemptAborted(cause));
      this.options.outcomes.release(attempt, cause === 'drain' ? 'drain' : 'aborted');
      count += 1;
    }
    if (count > 0) logEvent(this.options.logger, 'tasks_released', { tasks: count, reason: cause });
  }

  /** The worker was judged dead: its tasks are somebody else's. What has ended keeps its report, which may still be in time. Answers how many. */
  abortAll(): number {
    let count = 0;
    for (const attempt of this.held) if (this.abort(attempt, 'lost')) count += 1;
    return count;
  }

  stop(): void {
    this.sweep.stop();
  }

  private async beginAll(attempts: readonly Attempt[]): Promise<void> {
    let sliceEndsMs = performance.now() + SLICE_MS;
    const missing = new Map<string, number>();
    for (const attempt of attempts) {
      if (attempt.phase !== 'claimed') continue;
      const nowMs = performance.now();
      if (nowMs > sliceEndsMs) {
        await breath();
        sliceEndsMs = performance.now() + SLICE_MS;
      }
      if (attempt.phase === 'claimed' && !this.begin(attempt)) {
        const step = `${attempt.task.workflow}.${attempt.task.stepSlug}`;
        missing.set(step, (missing.get(step) ?? 0) + 1);
      }
    }
    for (const [step, tasks] of missing) {
      const [workflow = '', stepSlug = ''] = step.split('.');
      logEvent(this.options.logger, 'handler_missing', { workflow, stepSlug, tasks });
    }
  }

  /** False: there is no handler, and the task is given back. */
  private begin(attempt: Attempt): boolean {
    const { registry, outcomes, metrics, source } = this.options;
    const { task } = attempt;
    const step = registry.find(task);
    if (step === undefined) {
      this.end(attempt);
      outcomes.release(attempt, 'handler_missing');
      return false;
    }
    metrics.began?.(task.waitMs / 1_000, task);
    attempt.phase = 'running';
    attempt.leadsOn = step.leadsOn;
    attempt.startedAtMs = performance.now();
    attempt.timeoutAtMs = attempt.startedAtMs + task.timeoutMs;
    this.sweep.watch(attempt.timeoutAtMs);
    try {
      const returned = step.handler(task.kind === 'root' ? task.runInput : task.input, new AttemptContext(attempt, source));
      if (isPromise(returned)) {
        Promise.resolve(returned).then(
          (output) => this.returned(attempt, output),
          (error: unknown) => this.threw(attempt, error),
        );
      } else this.returned(attempt, returned);
    } catch (error) {
      this.threw(attempt, error);
    }
    return true;
  }

  private returned(attempt: Attempt, output: unknown): void {
    if (attempt.phase !== 'running') return this.late();
    let text: string;
    try {
      text = outputText(output);
    } catch (error) {
      return this.threw(attempt, error);
    }
    this.end(attempt, attempt.leadsOn && (attempt.task.kind !== 'map' || this.busyCount === 1));
    this.options.outcomes.complete(attempt, text);
  }

  private threw(attempt: Attempt, error: unknown): void {
    if (attempt.phase !== 'running') return this.late();
    this.end(attempt);
    this.options.outcomes.fail(attempt, failureOf(error));
  }

  private late(): void {
    this.abandonedCount -= 1;
    this.options.onSlotFree();
  }

  private end(attempt: Attempt, keepsSlot = false): void {
    if (attempt.phase === 'running') this.options.metrics.ran?.((performance.now() - attempt.startedAtMs) / 1_000, attempt.task);
    attempt.phase = 'ended';
    this.busyCount -= 1;
    if (keepsSlot) {
      attempt.keepsSlot = true;
      this.keptCount += 1;
    } else this.options.onSlotFree();
  }

  private abandon(attempt: Attempt, reason: AttemptAborted): void {
    if (attempt.phase === 'running') this.abandonedCount += 1;
    this.end(attempt);
    attempt.abort(reason);
  }

  private expire(nowMs: number): number {
    let next = Infinity;
    for (const attempt of this.held) {
      if (attempt.phase !== 'running') continue;
      if (attempt.timeoutAtMs > nowMs) next = Math.min(next, attempt.timeoutAtMs);
      else this.timeOut(attempt);
    }
    return next;
  }

  private timeOut(attempt: Attempt): void {
    const { stepSlug, timeoutMs } = attempt.task;
    const message = `step ${stepSlug} did not return within ${timeoutMs} ms`;
    this.abandon(attempt, new AttemptAborted('timeout', message));
    this.options.outcomes.fail(attempt, { code: 'timeout', message, retryable: true });
    logEvent(this.options.logger, 'task_abandoned', { ...attempt.name, timeoutMs });
  }
}

/** The tasks of one call come with one claim. */
function attemptsOf(tasks: readonly ClaimedTask[], workerId: string): Attempt[] {
  let claim: HeldClaim | undefined;
  const attempts: Attempt[] = [];
  for (const task of tasks) {
    if (claim?.claimId !== task.claimId) claim = new HeldClaim(workerId, task.claimId);
    claim.held += 1;
    attempts.push(new Attempt(task, claim));
  }
  return attempts;
}

/** A claim brings the run input with the first of a map's tasks only: it may be large, and the others are many. */
function shareRunInputs(tasks: readonly ClaimedTask[]): void {
  const inputs = new Map<string, ClaimedTask['runInput']>();
  for (const { kind, runId, runInput } of tasks) if (kind === 'map' && runInput !== null) inputs.set(runId, runInput);
  if (inputs.size > 0) for (const task of tasks) task.runInput ??= inputs.get(task.runId) ?? null;
}

function isPromise(value: unknown): value is PromiseLike<unknown> {
  return typeof value === 'object' && value !== null && typeof (value as { then?: unknown }).then === 'function';
}
