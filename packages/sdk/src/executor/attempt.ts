// One try of a task in this process, from claim to verdict, and what its handler sees of it. Signal, logger and deadline are made when a
// handler asks for them: most never do, and at tens of thousands of tasks a second each object counts.
import type { ClaimedTask, Logger, TaskRef } from '@singularity-workflow/core';
import type { StepContext } from '../workflow/context.js';
import type { HeldClaim } from './settled-claims.js';

/** Where an attempt is: `claimed`, not begun; `running`; `ended` (its outcome waits for a report, or it was abandoned). */
export type Phase = 'claimed' | 'running' | 'ended';

export class Attempt {
  phase: Phase = 'claimed';
  /** On the clock of `performance.now()`; 0 before the handler runs. */
  startedAtMs = 0;
  timeoutAtMs = Infinity;
  /** A step follows that this process may be handed with the verdict. */
  leadsOn = false;
  /** It has ended, and holds its slot for what follows until it has its verdict. */
  keepsSlot = false;
  private controller: AbortController | undefined;
  private abortedWith: Error | undefined;

  constructor(
    readonly task: ClaimedTask,
    readonly claim: HeldClaim,
  ) {}

  /** Who claimed it, and who must report it: a worker that was judged dead comes back under another id. */
  get workerId(): string {
    return this.claim.workerId;
  }

  get signal(): AbortSignal {
    if (this.controller === undefined) {
      this.controller = new AbortController();
      if (this.abortedWith !== undefined) this.controller.abort(this.abortedWith);
    }
    return this.controller.signal;
  }

  abort(reason: Error): void {
    if (this.abortedWith !== undefined) return;
    this.abortedWith = reason;
    this.controller?.abort(reason);
  }

  /** The fields by which SQL knows the attempt, as JSON without braces. Nothing in them needs escaping: slugs and uuids are ASCII words. */
  get refText(): string {
    const { runId, stepSlug, taskIndex, attempt } = this.task;
    return `"run_id":"${runId}","step_slug":"${stepSlug}","task_index":${taskIndex},"attempt":${attempt}`;
  }

  /** As it stands in heartbeats and log lines. */
  get name(): TaskRef {
    const { runId, stepSlug, taskIndex, attempt } = this.task;
    return { runId, stepSlug, taskIndex, attempt };
  }
}

/** What all contexts of an executor share. */
export interface ContextSource {
  readonly region: string;
  readonly logger: Logger;
}

export class AttemptContext implements StepContext {
  readonly #attempt: Attempt;
  readonly #source: ContextSource;
  #log: Logger | undefined;

  constructor(attempt: Attempt, source: ContextSource) {
    this.#attempt = attempt;
    this.#source = source;
  }

  get runId(): string {
    return this.#attempt.task.runId;
  }

  get tenantId(): string {
    return this.#attempt.task.tenantId;
  }

  get stepSlug(): string {
    return this.#attempt.task.stepSlug;
  }

  get taskIndex(): number {
    return this.#attempt.task.taskIndex;
  }

  get attempt(): number {
    return this.#attempt.task.attempt;
  }

  get idempotencyKey(): string {
    const { runId, stepSlug, taskIndex } = this.#attempt.task;
    return `${runId}:${stepSlug}:${taskIndex}`;
  }

  get signal(): AbortSignal {
    return this.#attempt.signal;
  }

  get deadline(): Date {
    const { timeoutAtMs, task } = this.#attempt;
    const timeout = Date.now() + timeoutAtMs - performance.now();
    return new Date(task.deadline === null ? timeout : Math.min(timeout, task.deadline.getTime()));
  }

  get log(): Logger {
    this.#log ??= taskLogger(this.#source.logger, this.#attempt);
    return this.#log;
  }

  get runInput(): unknown {
    return this.#attempt.task.runInput;
  }

  get region(): string {
    return this.#source.region;
  }
}

function taskLogger(logger: Logger, { task }: Attempt): Logger {
  const { runId, tenantId, workflow, stepSlug, taskIndex, attempt } = task;
  const fields = { runId, tenantId, workflow, stepSlug, taskIndex, attempt };
  return {
    debug: (more, sentence) => logger.debug({ ...fields, ...more }, sentence),
    info: (more, sentence) => logger.info({ ...fields, ...more }, sentence),
    warn: (more, sentence) => logger.warn({ ...fields, ...more }, sentence),
    error: (more, sentence) => logger.error({ ...fields, ...more }, sentence),
  };
}
