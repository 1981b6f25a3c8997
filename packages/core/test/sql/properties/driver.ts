// Carries out the orders of a random story against the SQL functions and against the model, and compares after each.
import assert from 'node:assert/strict';
import { type Answer, type Claimed, type TestDatabase, type TestWorker, type Verdict } from '@singularity-workflow/testkit';
import { QUEUES, WORKERS, type Fate, type Order, type Pick, type Story } from './arbitraries.js';
import { compare, readState } from './compare.js';
import { Books, type Given } from './books.js';
import { HandOver } from './hand-over.js';
import { failuresOf, type Picked } from './failures.js';
import { ModelRun } from './model.js';
import { Operators } from './operators.js';
import { failureOf, nameOf, outputOf } from './reports.js';
import { TRADES } from './trades.js';

const HEARTBEAT_MS = 60_000;
const VISIBILITY_MS = 20_000;
const NO_LEADER = 999_999;

const UNSETTLED: Fate = { isLost: false, settles: false };

const taskOf = (a: { run_id: string; step_slug: string; task_index: number }) => `${a.run_id} ${a.step_slug}[${a.task_index}]`;

export class Driver {
  readonly runs: ModelRun[] = [];
  /** What this story came across, so that a property that tests nothing is noticed. */
  readonly seen = new Set<string>();
  private readonly workers: TestWorker[] = [];
  private readonly books = new Books();
  private readonly operators: Operators;
  private nowMs = 0;

  constructor(
    private readonly db: TestDatabase,
    private readonly story: Story,
  ) {
    this.operators = new Operators(db, this.runs, this.seen);
  }

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
        return this.heartbeat(order.worker, order.fate);
      case 'advance':
        return this.advance(order.ms);
      case 'lose':
        return this.lose(order.worker);
      case 'requeue':
        return this.requeue([]);
      case 'crash':
        return this.crash();
      default:
        return this.operators.obey(order, this.nowMs);
    }
  }

  async check(): Promise<void> {
    const state = await readState(this.db);
    compare(this.runs, state);
    assert.deepEqual(
      state.claims.filter((id) => this.books.isForgotten(id)),
      [],
      'settled claims are forgotten',
    );
    for (const run of this.runs) {
      this.seen.add(`run ${run.status} ${run.errorCode ?? ''}`.trim());
      for (const { status, skipReason } of run.steps.values()) this.seen.add(`step ${status} ${skipReason ?? ''}`.trim());
    }
  }

  private async hire(index: number): Promise<void> {
    const trade = TRADES[index]!;
    const steps = this.story.definitions.flatMap((definition, w) =>
      definition.map(({ slug }): [workflow: string, step: string] => [`w${w}`, slug]),
    );
    this.workers[index] = await this.db.make.worker({
      heartbeatTimeoutMs: HEARTBEAT_MS,
      visibilityTimeoutMs: VISIBILITY_MS,
      queues: [...trade.queues],
      runnableSteps: steps.filter(([, step]) => trade.runs(step)),
    });
  }

  private async start({ definition, elements, priority }: Extract<Order, { do: 'start' }>): Promise<void> {
    const index = definition % this.story.definitions.length;
    const input = Array.from({ length: elements }, (_, i) => [i, null, 'text', { i }][i % 4]);
    const runId = await this.db.make.start(`w${index}`, input, { priority: (['low', 'normal', 'high'] as const)[priority]! });
    this.runs.push(new ModelRun(runId, this.story.definitions[index]!, input, priority, this.nowMs));
  }

  private async claim({ worker: index, capacity, queues, fate }: Extract<Order, { do: 'claim' }>): Promise<void> {
    const names = QUEUES.filter((_, bit) => queues & (1 << bit));
    const worker = this.workers[index]!;
    const claimed = await worker.claim({ queues: [...names], capacity, settled: this.settledOf(worker, fate) });
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
    this.give(claimed, worker, fate);
  }

  private give(tasks: readonly Claimed[], worker: TestWorker, { isLost }: Fate): void {
    if (tasks.length > 0 && isLost) this.seen.add('answer lost');
    for (const task of tasks) {
      const run = this.runOf(task.run_id);
      const { step_slug: step, task_index: index } = task;
      assert.deepEqual(task.input ?? null, run.inputOf(step, index) ?? null);
      assert.equal(task.attempt, run.claim(step, index, worker.id), 'attempts rise by one');
      this.books.give(task, { worker: worker.id, run, isKnown: !isLost, claimedAtMs: this.nowMs });
    }
  }

  /** The claims that a call carries as settled: mostly true, and some that are another worker's or nobody's. */
  private settledOf({ id }: TestWorker, { settles }: Fate): number[] {
    return settles ? [...this.books.settle(id), ...this.books.foreign(id).slice(0, 2), 1] : [];
  }

  private async report(order: Extract<Order, { do: 'complete' | 'fail' | 'release' }>): Promise<void> {
    const { do: how, picks } = order;
    const worker = this.busy(order.worker);
    const chosen = picks.flatMap((pick) => this.choose(worker.id, pick));
    if (chosen.length === 0) return;
    const firsts = chosen.filter(([given], i) => given.run.holds(given) && chosen.findIndex(([other]) => other === given) === i);
    if (order.do === 'complete') return this.complete(order, worker, chosen, firsts);
    const answers = await (how === 'fail'
      ? worker.failAll(chosen.map(([given, pick]) => [given, failureOf(pick)]))
      : worker.releaseAll(chosen.map(([given]) => [given, 'drain'])));
    for (const run of new Set(firsts.map(([given]) => given.run))) {
      const own = firsts.filter(([given]) => given.run === run);
      if (how === 'fail') run.fail(await failuresOf(this.db, own, this.nowMs), this.nowMs);
      else for (const [given] of own) run.release(given, this.nowMs);
    }
    this.judge(how, answers, chosen, firsts);
  }

  private async complete(
    { capacity, leads, fate }: Extract<Order, { do: 'complete' }>,
    worker: TestWorker,
    chosen: readonly Picked[],
    firsts: readonly Picked[],
  ): Promise<void> {
    const leaderToken = leads === null ? null : leads ? await this.db.make.leaderToken('orchestrator:leader') : NO_LEADER;
    const trade = TRADES[this.workers.indexOf(worker)]!;
    const handOver = new HandOver(this.runs, trade, leads === false ? 0 : capacity, this.nowMs);
    const { answers, handed } = await worker.completeAndTake(
      chosen.map(([given, pick]) => [given, outputOf(given, pick)]),
      { capacity, leaderToken, settled: this.settledOf(worker, fate) },
    );
    for (const run of new Set(firsts.map(([given]) => given.run))) {
      const own = firsts.filter(([given]) => given.run === run);
      run.complete(
        own.map(([given, pick]) => ({ ...given, output: outputOf(given, pick) })),
        this.nowMs,
      );
    }
    this.judge('complete', answers, chosen, firsts);
    handOver.check(handed);
    if (handed.length > 0) this.seen.add('handed over');
    this.give(handed, worker, fate);
  }

  private judge(how: string, answers: readonly Answer[], chosen: readonly Picked[], firsts: readonly Picked[]): void {
    const expected = chosen.map(([given, pick]): Verdict[] => {
      const accepted = firsts.some(([first, firstPick]) => first === given && firstPick === pick);
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

  private async heartbeat(index: number, fate: Fate): Promise<void> {
    const worker = this.workers[index]!;
    const inFlight = this.books.knownTo(worker.id);
    const { aborts } = await worker.heartbeat(inFlight, { settled: this.settledOf(worker, fate) });
    this.books.mark(worker.id, this.nowMs - VISIBILITY_MS);
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
    for (let index = 0; index < WORKERS; index += 1) await this.heartbeat(index, UNSETTLED);
  }

  /** One worker falls silent, the others beat on; its place is taken by a new one. Its attempts stay in the books: it may yet report them. */
  private async lose(index: number): Promise<void> {
    const dead = this.busy(index);
    await this.db.clock.advance(HEARTBEAT_MS + 1);
    this.nowMs += HEARTBEAT_MS + 1;
    const at = this.workers.indexOf(dead);
    for (let other = 0; other < WORKERS; other += 1) if (other !== at) await this.heartbeat(other, UNSETTLED);
    const held = this.books.heldBy(dead.id);
    if (held.length > 0) this.seen.add('tasks lost');
    await this.requeue(held);
    await this.zombie(dead, held);
    await this.hire(at);
  }

  /** The scheduler's tick: takes what a dead worker held, and what living ones do not know of. */
  private async requeue(ofDead: readonly Given[]): Promise<void> {
    const ofLiving = this.books.marked().filter((given) => !ofDead.includes(given));
    const lost = await this.db.call<Claimed & { reason: string }>('requeue_lost_tasks', [await this.db.make.leaderToken(), 1_000]);
    const reasonOf = (given: Given) => (ofDead.includes(given) ? 'worker_lost' : 'claim_lost');
    const expected = [...ofDead, ...ofLiving];
    assert.deepEqual(
      lost.map((one) => `${taskOf(one)} ${one.reason}`).toSorted(),
      expected.map((given) => `${taskOf(given)} ${reasonOf(given)}`).toSorted(),
    );
    if (ofLiving.length > 0) this.seen.add('claim lost');
    for (const run of new Set(expected.map((given) => given.run))) {
      const own = lost.flatMap((one) => expected.filter((given) => given.run === run && taskOf(given) === taskOf(one)));
      run.fail(
        own.map((given) => ({ ...given, retryable: true, retryAtMs: this.nowMs, code: reasonOf(given) })),
        this.nowMs,
      );
    }
  }

  /** The n-th worker of those that hold something; where nobody does, the n-th of all. */
  private busy(index: number): TestWorker {
    const busy = this.workers.filter(({ id }) => this.books.heldBy(id).some(({ isKnown }) => isKnown));
    const from = busy.length > 0 ? busy : this.workers;
    return from[index % from.length]!;
  }

  /** What the dead worker says when it wakes up changes nothing. */
  private async zombie(dead: TestWorker, held: readonly Given[]): Promise<void> {
    if (held.length === 0) return;
    const { answers, handed } = await dead.completeAndTake(held.map((given) => [given, 'of a zombie']));
    assert.deepEqual(handed, [], 'nothing is handed to the dead');
    answers.forEach(({ verdict }, i) => assert.ok(held[i]!.run.verdictsOf(held[i]!).includes(verdict), `${verdict} for a zombie`));
  }

  private async crash(): Promise<void> {
    await this.db.make.forgetUnlogged();
    this.books.renew(this.nowMs);
    await this.db.make.rebuild(2);
  }

  private choose(workerId: string, pick: Pick): Picked[] {
    const all = this.books.knownTo(workerId);
    const held = all.filter((given) => given.run.holds(given));
    const from = pick.stale || held.length === 0 ? all : held;
    return from.length === 0 ? [] : [[from[pick.n % from.length]!, pick]];
  }

  private runOf(runId: string): ModelRun {
    return this.runs.find((run) => run.runId === runId)!;
  }
}
