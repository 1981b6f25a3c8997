// The reference: what the design says about runs, steps and tasks, written without looking at SQL. One object a run; no queue, no lock, no
// message: only what may be claimed, who holds what, and what follows from a report.
import type { StepDefinition, Verdict } from '@singularity-workflow/testkit';

export type RunStatus = 'scheduled' | 'started' | 'paused' | 'completed' | 'failed' | 'cancelled';
export type StepStatus = 'created' | 'started' | 'completed' | 'failed' | 'skipped' | 'cancelled';

export interface ModelTask {
  status: 'queued' | 'started' | 'completed' | 'failed' | 'cancelled';
  attempt: number;
  failures: number;
  availableAtMs: number;
  worker: string | null;
  output: unknown;
}

export interface ModelStep {
  readonly definition: StepDefinition;
  readonly dependencies: readonly string[];
  status: StepStatus;
  initialTasks: number | null;
  skipReason: string | null;
  tasks: ModelTask[];
}

/** An attempt as a worker knows it. */
export interface Attempt {
  readonly step: string;
  readonly index: number;
  readonly attempt: number;
  readonly worker: string;
}

export interface Failed extends Attempt {
  readonly retryable: boolean;
  /** When the engine says that the task may be tried again; jitter makes it unpredictable, so the driver checks it and hands it in. */
  readonly retryAtMs: number | null;
  /** handler_failed, or why the scheduler took the attempt away, which no worker has reported. */
  readonly code: string;
}

const isFinalStep = (status: StepStatus) => status !== 'created' && status !== 'started';
const attemptKey = ({ step, index, attempt, worker }: Attempt) => `${step}[${index}]#${attempt} by ${worker}`;

export class ModelRun {
  status: RunStatus = 'started';
  errorCode: string | null = null;
  readonly steps = new Map<string, ModelStep>();
  /** Reports that were accepted: a completion, or a failure that a worker reported. */
  private readonly reported = new Map<string, 'completed' | 'failed'>();
  wasRetried = false;

  constructor(
    readonly runId: string,
    definitions: readonly StepDefinition[],
    readonly input: unknown,
    readonly priority: number,
    nowMs: number,
  ) {
    for (const definition of definitions) {
      const source = definition.over?.split('.')[0];
      const dependencies = [...new Set([...(definition.depends_on ?? []), ...(source ? [source] : [])])];
      this.steps.set(definition.slug, {
        definition,
        dependencies,
        status: 'created',
        initialTasks: null,
        skipReason: null,
        tasks: [],
      });
    }
    this.advance(nowMs);
  }

  get isFinal(): boolean {
    return this.status === 'completed' || this.status === 'failed' || this.status === 'cancelled';
  }

  /** Of the steps that nothing depends on, those that are not over. */
  get remainingLeaves(): number {
    return this.leaves().filter((slug) => !this.isOver(slug)).length;
  }

  /** A step waits for its dependencies to be over: one that a cascade skipped is so when all that it depends on is. */
  isOver(slug: string): boolean {
    const { status, dependencies } = this.step(slug);
    return status === 'completed' || (status === 'skipped' && dependencies.every((dependency) => this.isOver(dependency)));
  }

  remainingDepsOf(slug: string): number {
    return this.step(slug).dependencies.filter((dependency) => !this.isOver(dependency)).length;
  }

  step(slug: string): ModelStep {
    return this.steps.get(slug)!;
  }

  claimable(nowMs: number): { step: string; index: number }[] {
    if (this.status !== 'started') return [];
    return [...this.steps].flatMap(([step, { tasks }]) =>
      tasks.flatMap((task, index) => (task.status === 'queued' && task.availableAtMs <= nowMs ? [{ step, index }] : [])),
    );
  }

  /** What the handler gets; null for a root step, which reads the run's input. */
  inputOf(slug: string, index: number): unknown {
    const { definition, dependencies } = this.step(slug);
    if (definition.kind === 'map') return (this.sourceOf(slug) as unknown[])[index];
    if (dependencies.length === 0) return null;
    const ran = dependencies.filter((dependency) => this.step(dependency).status === 'completed');
    return Object.fromEntries(ran.map((dependency) => [dependency, this.outputOf(dependency)]));
  }

  output(): Record<string, unknown> {
    const completed = this.leaves().filter((slug) => this.step(slug).status === 'completed');
    return Object.fromEntries(completed.map((slug) => [slug, this.outputOf(slug)]));
  }

  claim(slug: string, index: number, worker: string): number {
    const task = this.step(slug).tasks[index]!;
    Object.assign(task, { status: 'started', worker, attempt: task.attempt + 1 });
    return task.attempt;
  }

  holds({ step, index, attempt, worker }: Attempt): boolean {
    const task = this.steps.get(step)?.tasks[index];
    return task !== undefined && task.status === 'started' && task.attempt === attempt && task.worker === worker;
  }

  /** The verdicts that a report of an attempt that does not hold its task may get. */
  verdictsOf(attempt: Attempt): Verdict[] {
    const before = this.reported.get(attemptKey(attempt));
    if (before === 'failed') return ['already'];
    const closed = this.isFinal || isFinalStep(this.step(attempt.step).status);
    const otherwise: Verdict = closed ? 'closed' : 'lost';
    if (before === 'completed') return this.wasRetried ? ['already', otherwise] : ['already'];
    return [otherwise];
  }

  complete(results: readonly (Attempt & { output: unknown })[], nowMs: number): void {
    for (const result of results) {
      const step = this.step(result.step);
      Object.assign(step.tasks[result.index]!, { status: 'completed', output: result.output });
      this.reported.set(attemptKey(result), 'completed');
      const tasks = step.tasks.slice(0, step.initialTasks!); // those beyond are a retried map's of before
      if (tasks.every(({ status }) => status === 'completed')) step.status = 'completed';
    }
    this.advance(nowMs);
  }

  /** Failed attempts of one call, in the order in which the engine sees them. */
  fail(failures: readonly Failed[], nowMs: number): void {
    const exhausted = new Map<string, string>();
    for (const failure of failures) {
      const { definition, tasks } = this.step(failure.step);
      const task = tasks[failure.index]!;
      task.failures += 1;
      if (failure.code === 'handler_failed') this.reported.set(attemptKey(failure), 'failed');
      if (failure.retryable && task.failures < definition.max_attempts!) {
        Object.assign(task, { status: 'queued', worker: null, availableAtMs: failure.retryAtMs });
      } else {
        task.status = 'failed';
        if (!exhausted.has(failure.step)) exhausted.set(failure.step, failure.code);
      }
    }
    this.exhaust(exhausted, nowMs);
  }

  release(attempt: Attempt, availableAtMs: number): void {
    Object.assign(this.step(attempt.step).tasks[attempt.index]!, { status: 'queued', worker: null, availableAtMs });
  }

  cancel(): void {
    this.close('cancelled', null);
  }

  /** From the failed steps, from the start, or from a step and what depends on it. */
  retry(from: 'failed' | 'start' | { step: string }, nowMs: number): void {
    this.wasRetried = true;
    const named = typeof from === 'object' ? new Set([from.step, ...this.descendantsOf(from.step)]) : new Set<string>();
    const ended = (status: StepStatus) => status === 'failed' || status === 'cancelled';
    const anew = new Set(
      [...this.steps]
        .filter(([slug, { status, initialTasks }]) => from === 'start' || named.has(slug) || (ended(status) && initialTasks === null))
        .map(([slug]) => slug),
    );
    this.status = 'started';
    this.errorCode = null;
    for (const [slug, step] of this.steps) {
      if (anew.has(slug)) {
        Object.assign(step, { status: 'created', initialTasks: null, skipReason: null });
        for (const task of step.tasks) Object.assign(task, { status: 'cancelled', output: undefined });
      } else if (ended(step.status)) {
        step.status = 'started';
        for (const task of step.tasks.slice(0, step.initialTasks!)) {
          if (task.status !== 'completed') Object.assign(task, { status: 'queued', failures: 0, worker: null, availableAtMs: nowMs });
        }
      }
    }
    this.advance(nowMs);
  }

  private ready(): string[] {
    return [...this.steps].filter(([slug, { status }]) => status === 'created' && this.remainingDepsOf(slug) === 0).map(([slug]) => slug);
  }

  private leaves(): string[] {
    const inner = new Set([...this.steps.values()].flatMap(({ dependencies }) => dependencies));
    return [...this.steps.keys()].filter((slug) => !inner.has(slug));
  }

  private sourceOf(slug: string): unknown {
    const { over, depends_on } = this.step(slug).definition;
    const [source, ...path] = over?.split('.') ?? depends_on ?? [];
    if (source === undefined) return this.input;
    return path.reduce<unknown>((value, key) => (value as Record<string, unknown> | null | undefined)?.[key], this.outputOf(source));
  }

  private outputOf(slug: string): unknown {
    const { definition, tasks, initialTasks } = this.step(slug);
    return definition.kind === 'map' ? tasks.slice(0, initialTasks!).map(({ output }) => output) : tasks[0]!.output;
  }

  private descendantsOf(slug: string): string[] {
    const below = [...this.steps].filter(([, { dependencies }]) => dependencies.includes(slug)).map(([dependent]) => dependent);
    return [...new Set([...below, ...below.flatMap((dependent) => this.descendantsOf(dependent))])];
  }

  private close(status: 'failed' | 'cancelled', errorCode: string | null): void {
    this.status = status;
    this.errorCode = errorCode;
    for (const step of this.steps.values()) {
      if (!isFinalStep(step.status)) step.status = 'cancelled';
      for (const task of step.tasks) if (task.status === 'queued' || task.status === 'started') task.status = 'cancelled';
    }
  }

  private exhaust(exhausted: ReadonlyMap<string, string>, nowMs: number): void {
    const slugs = [...exhausted.keys()];
    const failing = slugs.filter((slug) => (this.step(slug).definition.when_exhausted ?? 'fail') === 'fail');
    for (const slug of failing) this.step(slug).status = 'failed';
    if (failing.length > 0) {
      this.close('failed', exhausted.get(failing[0]!)!);
      return;
    }
    const skip = (slug: string, skipReason: string) => {
      const step = this.step(slug);
      if (isFinalStep(step.status)) return;
      Object.assign(step, { status: 'skipped', skipReason });
      for (const task of step.tasks) if (task.status === 'queued' || task.status === 'started') task.status = 'cancelled';
    };
    for (const slug of slugs) skip(slug, 'handler_failed');
    for (const slug of slugs) {
      if (this.step(slug).definition.when_exhausted === 'skip-cascade') {
        for (const dependent of this.descendantsOf(slug)) skip(dependent, 'dependency_skipped');
      }
    }
    if (slugs.length > 0) this.advance(nowMs);
  }

  /** Wave by wave: steps that now wait for nobody start; empty maps and skipped maps end at once. */
  private advance(nowMs: number): void {
    const violations: string[] = [];
    for (let ended = true; ended;) ended = this.ready().filter((slug) => this.expand(slug, nowMs, violations)).length > 0;
    if (violations.length > 0) this.close('failed', 'type_violation');
    else if (this.remainingLeaves === 0) this.status = 'completed';
  }

  /** True: the step needs no task and has ended. */
  private expand(slug: string, nowMs: number, violations: string[]): boolean {
    const step = this.step(slug);
    const { kind, over, depends_on, start_delay_ms = 0 } = step.definition;
    const source = (over?.split('.') ?? depends_on ?? [])[0];
    if (kind === 'map' && source !== undefined && this.step(source).status === 'skipped') {
      Object.assign(step, { status: 'skipped', skipReason: 'dependency_skipped' });
      return true;
    }
    const elements = kind === 'map' ? this.sourceOf(slug) : [null];
    if (!Array.isArray(elements)) {
      step.status = 'failed';
      violations.push(slug);
      return false;
    }
    step.initialTasks = elements.length;
    elements.forEach((_, index) => {
      const attempt = step.tasks[index]?.attempt ?? 0;
      step.tasks[index] = {
        status: 'queued',
        attempt,
        failures: 0,
        availableAtMs: nowMs + start_delay_ms,
        worker: null,
        output: undefined,
      };
    });
    step.status = elements.length === 0 ? 'completed' : 'started';
    return elements.length === 0;
  }
}
