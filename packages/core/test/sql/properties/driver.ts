// Carries out the orders of a random story against the SQL functions and against the model, and compares after each.
import assert from 'node:assert/strict';
import { type Claimed, type TestDatabase, type TestWorker, type Verdict } from '@singularity-workflow/testkit';
import { QUEUES, WORKERS, type From, type Order, type Pick, type Story } from './arbitraries.js';
import { compare, readState } from './compare.js';
import { ModelRun, type Failed } from './model.js';
import { failureOf, isRetryTime, nameOf, outputOf, type Given } from './reports.js';

const HEARTBEAT_MS = 60_000;
const VISIBILITY_MS = 3_600_000;

export class Driver {
  readonly runs: ModelRun[] = [];
  /** What this story came across, so that a property that tests nothing is noticed. */
  readonly seen = new Set<string>();
  private readonly workers: TestWorker[] = [];
  private given: Given[] = [];
  private nowMs = 0;

  constructor(
    private readonly db: TestDatabase,
    private readonly story: Story,
  ) {}

  async prepare(): Promise<void> {
    await this.db.clock.freeze();
    this.nowMs = (await this.db.clock.now()).getTime();
    for (const [index, steps] of this.story.definitions.entries()) await this.db.make.define({ slug: `w${index}`, steps });
    for (let index = 0; index < WORKERS; index += 1) await this.hire(index);
  }

  async obey(order: Order): Promise<void> {
    switch (order.do) {
      case 'start':
        return this.start(order);
      case 'claim':
        return this.claim(order);
      case 'complete':
      case 'fail':
      case 'release':
        return this.report(order);
      case 'heartbeat':
        return this.heartbeat(order.worker);
      case 'advance':
        return this.advance(order.ms);
      case 'lose':
        return this.lose(order.worker);
      case 'crash':
        return this.crash();
      default:
        return this.operate(order);
    }
  }

  async check(): Promise<void> {
    compare(this.runs, await readState(this.db));
    for (const run of this.runs) {
      this.seen.add(`run ${run.status} ${run.errorCode ?? ''}`.trim());
      for (const { status, skipReason } of run.steps.values()) this.seen.add(`step ${status} ${skipReason ?? ''}`.trim());
    }
  }

  private async hire(index: number): Promise<void> {
    this.workers[index] = await this.db.make.worker({
      heartbeatTimeoutMs: HEARTBEAT_MS,
      visibilityTimeoutMs: VISIBILITY_MS,
      queues: [...QUEUES],
    });
  }

  private async start({ definition, elements, priority }: Extract<Order, { do: 'start' }>): Promise<void> {
    const index = definition % this.story.definitions.length;
    const input = Array.from({ length: elements }, (_, i) => [i, null, 'text', { i }][i % 4]);
    const runId = await this.db.make.start(`w${index}`, input, { priority: (['low', 'normal', 'high'] as const)[priority]! });
    this.runs.push(new ModelRun(runId, this.story.definitions[index]!, input, priority, this.nowMs));
  }

  private async claim({ worker, capacity, queues }: Extract<Order, { do: 'claim' }>): Promise<void> {
    const names = QUEUES.filter((_, bit) => queues & (1 << bit));
    const claimed = await this.workers[worker]!.claim({ queues: [...names], capacity });
    const claimable = this.runs.flatMap((run) =>
      run
        .claimable(this.nowMs)
        .filter(({ step }) => (names as string[]).includes(run.step(step).definition.queue!))
        .map((task) => ({ ...task, run })),
    );
    assert.equal(claimed.length, Math.min(capacity, claimable.length), 'as many tasks as could be claimed');
    const left = claimable.filter(
      ({ run, step, index }) => !claimed.some((c) => c.run_id === run.runId && c.step_slug === step && c.task_index === index),
    );
    assert.equal(left.length, claimable.length - claimed.length, 'what was given was claimable, each once');
    if (claimed.length > 0 && left.length > 0) {
      const lowest = Math.min(...claimed.map((c) => this.runOf(c.run_id).priority));
      assert.ok(
        left.every(({ run }) => run.priority <= lowest),
        'high priority first',
      );
    }
    for (const task of claimed) this.give(task, this.workers[worker]!.id);
  }

  private give(task: Claimed, worker: string): void {
    const run = this.runOf(task.run_id);
    const { step_slug: step, task_index: index } = task;
    assert.deepEqual(task.input ?? null, run.inputOf(step, index) ?? null);
    assert.equal(task.attempt, run.claim(step, index, worker), 'attempts rise by one');
    this.given.push({ ...task, step, index, worker, run });
  }

  private async report({ do: how, worker: index, picks }: Extract<Order, { do: 'complete' | 'fail' | 'release' }>): Promise<void> {
    const worker = this.busy(index);
    const chosen = picks.flatMap((pick) => this.choose(worker.id, pick));
    if (chosen.length === 0) return;
    const firsts = chosen.filter(([given], i) => given.run.holds(given) && chosen.findIndex(([other]) => other === given) === i);
    const answers = await (how === 'complete'
      ? worker.completeAll(chosen.map(([given, pick]) => [given, outputOf(given, pick)]))
      : how === 'fail'
        ? worker.failAll(chosen.map(([given, pick]) => [given, failureOf(pick)]))
        : worker.releaseAll(chosen.map(([given]) => [given, 'drain'])));

    for (const run of new Set(firsts.map(([given]) => given.run))) {
      const own = firsts.filter(([given]) => given.run === run);
      if (how === 'complete')
        run.complete(
          own.map(([given, pick]) => ({ ...given, output: outputOf(given, pick) })),
          this.nowMs,
        );
      else if (how === 'fail') run.fail(await this.failuresOf(own), this.nowMs);
      else for (const [given] of own) run.release(given, this.nowMs);
    }
    const expected = chosen.map(([given], i): Verdict[] => {
      const accepted = firsts.some(([first, pick]) => first === given && pick === chosen[i]![1]);
      return accepted ? ['accepted'] : given.run.verdictsOf(given);
    });
    assert.deepEqual(
      answers.map(({ ordinal }) => ordinal),
      chosen.map((_, i) => i + 1),
    );
    for (const { verdict } of answers) this.seen.add(`${how} ${verdict}`);
    answers.forEach(({ verdict }, i) => {
      if (!expected[i]!.includes(verdict))
        throw new Error(`${how} of ${nameOf(chosen[i]![0])}: ${verdict}, expected ${expected[i]!.join(' or ')}`);
    });
  }

  /** Failures with the time at which the engine will try again: read from the row, judged by the rule. */
  private async failuresOf(own: readonly [Given, Pick][]): Promise<Failed[]> {
    return Promise.all(
      own.map(async ([given, pick]) => {
        const { retryable = true } = failureOf(pick);
        const { definition, tasks } = given.run.step(given.step);
        const failures = tasks[given.index]!.failures + 1;
        const retryAtMs = await this.availableAtMs(given);
        if (retryable && failures < definition.max_attempts! && retryAtMs > this.nowMs - 1) {
          const isRule = isRetryTime(given, pick, retryAtMs - this.nowMs);
          const isOpen = (await this.statusOf(given)) === 'queued'; // a run that ended with this call leaves the time as it was
          assert.ok(isRule || !isOpen, `${nameOf(given)} waits ${retryAtMs - this.nowMs} ms`);
        }
        return { ...given, retryable, retryAtMs };
      }),
    );
  }

  private async heartbeat(index: number): Promise<void> {
    const worker = this.workers[index]!;
    const inFlight = this.given.filter((given) => given.worker === worker.id);
    const { aborts } = await worker.heartbeat(inFlight);
    const lost = inFlight.filter((given) => !given.run.holds(given));
    const nameOf = (a: { run_id: string; step_slug: string; task_index: number; attempt: number }) =>
      `${a.run_id} ${a.step_slug}[${a.task_index}]#${a.attempt}`;
    assert.deepEqual(aborts.map(nameOf).toSorted(), lost.map(nameOf).toSorted());
    for (const { reason } of aborts) this.seen.add(`abort ${reason}`);
    for (const abort of aborts) {
      const { status } = this.runOf(abort.run_id);
      const reason =
        status === 'cancelled' ? 'run_cancelled' : status === 'failed' ? 'run_failed' : status === 'completed' ? 'run_closed' : 'lost';
      assert.equal(abort.reason, reason);
    }
  }

  private async advance(ms: number): Promise<void> {
    await this.db.clock.advance(ms);
    this.nowMs += ms;
    for (let index = 0; index < WORKERS; index += 1) await this.heartbeat(index);
  }

  /** One worker falls silent, the others beat on; its place is taken by a new one. Its attempts stay in the books: it may yet report them. */
  private async lose(index: number): Promise<void> {
    const dead = this.busy(index);
    await this.db.clock.advance(HEARTBEAT_MS + 1);
    this.nowMs += HEARTBEAT_MS + 1;
    const at = this.workers.indexOf(dead);
    for (let other = 0; other < WORKERS; other += 1) if (other !== at) await this.heartbeat(other);
    const lost = await this.db.call<Claimed>('requeue_lost_tasks', [await this.db.make.leaderToken(), 1_000]);
    const held = this.given.filter((given) => given.worker === dead.id && given.run.holds(given));
    if (held.length > 0) this.seen.add('tasks lost');
    const nameOf = (a: { run_id: string; step_slug: string; task_index: number }) => `${a.run_id} ${a.step_slug}[${a.task_index}]`;
    assert.deepEqual(lost.map(nameOf).toSorted(), held.map(nameOf).toSorted());
    for (const run of new Set(held.map((given) => given.run))) {
      const own = held.filter((given) => given.run === run);
      run.fail(
        own.map((given) => ({ ...given, retryable: true, retryAtMs: this.nowMs })),
        this.nowMs,
        true,
      );
    }
    await this.zombie(dead, held);
    await this.hire(at);
  }

  /** The n-th worker of those that hold something; where nobody does, the n-th of all. */
  private busy(index: number): TestWorker {
    const busy = this.workers.filter(({ id }) => this.given.some((given) => given.worker === id && given.run.holds(given)));
    const from = busy.length > 0 ? busy : this.workers;
    return from[index % from.length]!;
  }

  /** What the dead worker says when it wakes up changes nothing. */
  private async zombie(dead: TestWorker, held: readonly Given[]): Promise<void> {
    if (held.length === 0) return;
    const answers = await dead.completeAll(held.map((given) => [given, 'of a zombie']));
    answers.forEach(({ verdict }, i) => assert.ok(held[i]!.run.verdictsOf(held[i]!).includes(verdict), `${verdict} for a zombie`));
  }

  private async crash(): Promise<void> {
    const queues = await this.db.sql<{ name: string }>('select queue_name as name from pgmq.meta');
    for (const { name } of queues) await this.db.sql(`truncate pgmq.q_${name} restart identity`);
    await this.db.sql('truncate workflow.queue_marker, workflow.open_run_changes');
    const token = await this.db.make.leaderToken();
    let after: string | null = null;
    do after = (await this.db.call<{ next_after: string | null }>('rebuild_queue', [token, after, 2]))[0]!.next_after;
    while (after !== null);
  }

  private async operate(order: Extract<Order, { run: number }>): Promise<void> {
    const run = this.affected(order);
    const from = order.do === 'retry' ? this.fromOf(run, order.from) : null;
    const calls = {
      pause: () => this.db.call('pause_run', [run.runId]),
      resume: () => this.db.call('resume_run', [run.runId]),
      cancel: () => this.db.call('cancel_runs', [[run.runId]]),
      retry: () => this.db.call('retry_run', [run.runId, ...(typeof from === 'object' ? ['step', from!.step] : [from, null])]),
    };
    const code = await calls[order.do]().then(
      () => null,
      (error: { code: string }) => error.code,
    );
    if (order.do === 'pause' || order.do === 'resume') {
      assert.equal(code, run.isFinal ? 'WF205' : null);
      if (!run.isFinal) run.status = order.do === 'pause' ? 'paused' : 'started';
    } else if (order.do === 'cancel') {
      assert.equal(code, null);
      if (!run.isFinal) run.cancel();
    } else {
      const mayRetry = run.status === 'failed' || run.status === 'cancelled';
      assert.equal(code, mayRetry ? null : 'WF213');
      if (mayRetry) run.retry(from!, this.nowMs);
      if (mayRetry) this.seen.add(`retried from ${typeof from === 'object' ? 'a step' : from}`);
    }
  }

  /** The n-th run that the order would change; where there is none, the n-th of all: it must say no. */
  private affected({ do: how, run: index }: Extract<Order, { run: number }>): ModelRun {
    const isAffected = (run: ModelRun) =>
      how === 'retry' ? run.status === 'failed' || run.status === 'cancelled' : how === 'resume' ? run.status === 'paused' : !run.isFinal;
    const affected = index % 4 === 0 ? [] : this.runs.filter(isAffected);
    const from = affected.length > 0 ? affected : this.runs;
    return from[index % from.length]!;
  }

  private fromOf(run: ModelRun, from: From): 'failed' | 'start' | { step: string } {
    const slugs = [...run.steps.keys()];
    return typeof from === 'number' ? { step: slugs[from % slugs.length]! } : from;
  }

  private choose(workerId: string, pick: Pick): [Given, Pick][] {
    const all = this.given.filter(({ worker }) => worker === workerId);
    const held = all.filter((given) => given.run.holds(given));
    const from = pick.stale || held.length === 0 ? all : held;
    return from.length === 0 ? [] : [[from[pick.n % from.length]!, pick]];
  }

  private async availableAtMs({ run, step, index }: Given): Promise<number> {
    const [row] = await this.db.sql<{ at: string }>(
      'select (extract(epoch from available_at) * 1000)::text as at from workflow.step_tasks where run_id = $1 and step_slug = $2 and task_index = $3',
      [run.runId, step, index],
    );
    return Number(row!.at);
  }

  private async statusOf({ run, step, index }: Given): Promise<string> {
    return (await this.db.make.task(run.runId, step, index)).status;
  }

  private runOf(runId: string): ModelRun {
    return this.runs.find((run) => run.runId === runId)!;
  }
}
