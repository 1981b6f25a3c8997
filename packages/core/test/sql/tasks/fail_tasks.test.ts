import { json, useTestDatabase, type Claimed, type StepDefinition, type TestWorker } from '@singularity-workflow/testkit';

const db = useTestDatabase();

async function startOf(steps: StepDefinition[], input: unknown = {}): Promise<{ runId: string; worker: TestWorker }> {
  await db.make.define({ slug: 'w', steps });
  return { runId: await db.make.start('w', input), worker: await db.make.worker() };
}
const attemptsOf = (runId: string) =>
  db.sql('select step_slug, attempt, reported, error, worker_id from workflow.step_attempts where run_id = $1 order by step_slug, task_index, attempt', [runId]);
const find = (tasks: Claimed[], slug: string) => tasks.find(({ step_slug }) => step_slug === slug)!;

describe('fail_tasks retries', () => {
  it('not before the delay, and as the next attempt', async () => {
    await db.clock.freeze();
    const { worker } = await startOf([{ slug: 'a', base_delay_ms: 10_000 }]);
    await worker.fail(await worker.claimOne());
    await db.clock.advance(9_999);
    expect(await worker.claim()).toEqual([]);
    await db.clock.advance(1_002); // 10 % of jitter, and a millisecond
    expect(await worker.claim()).toMatchObject([{ step_slug: 'a', attempt: 2 }]);
  });

  it('with a delay that doubles up to the maximum, and up to a tenth on top, never less', async () => {
    await db.clock.freeze();
    const { worker } = await startOf([{ slug: 'a', base_delay_ms: 1_000, max_delay_ms: 5_000, max_attempts: 10 }]);
    const waits: number[] = [];
    for (let failure = 1; failure <= 5; failure += 1) {
      const { retry_at } = await worker.fail(await worker.claimOne());
      const waitMs = retry_at!.getTime() - (await db.clock.now()).getTime();
      waits.push(waitMs);
      await db.clock.advance(waitMs + 1);
    }
    const expected = [1_000, 2_000, 4_000, 5_000, 5_000];
    waits.forEach((waitMs, i) => {
      expect(waitMs).toBeGreaterThanOrEqual(expected[i]! - 1); // a Date cuts microseconds off
      expect(waitMs).toBeLessThanOrEqual(expected[i]! * 1.1 + 1);
    });
  });

  it('with different jitters for different tasks', async () => {
    const { worker } = await startOf([{ slug: 'm', kind: 'map', base_delay_ms: 60_000 }], Array(10).fill(0));
    const answers = await worker.failAll((await worker.claim()).map((task) => [task, {}]));
    expect(new Set(answers.map(({ retry_at }) => retry_at!.getTime())).size).toBeGreaterThan(1);
  });

  it('after the delay that the handler gave', async () => {
    await db.clock.freeze();
    const { worker } = await startOf([{ slug: 'a', base_delay_ms: 1 }]);
    await worker.fail(await worker.claimOne(), { retry_after_ms: 3_600_000 });
    await db.clock.advance(3_599_999);
    expect(await worker.claim()).toEqual([]);
    await db.clock.advance(2);
    expect(await worker.claim()).toHaveLength(1);
  });

  it.each([-1, 1e15, 9e18])('with a delay of %d ms too, without breaking the batch', async (delayMs) => {
    const { runId, worker } = await startOf([{ slug: 'a' }, { slug: 'b' }]);
    const tasks = await worker.claim();
    const answers = await worker.failAll([
      [find(tasks, 'a'), { retry_after_ms: delayMs }],
      [find(tasks, 'b'), {}],
    ]);
    expect(answers.map(({ verdict }) => verdict)).toEqual(['accepted', 'accepted']);
    expect(await db.make.task(runId, 'a')).toMatchObject({ status: 'queued' });
  });

  it('until max_attempts, where the step beats the workflow', async () => {
    await db.make.define({ slug: 'w', max_attempts: 5, base_delay_ms: 0, steps: [{ slug: 'a', max_attempts: 2 }] });
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    expect(await worker.fail(await worker.claimOne())).toMatchObject({ verdict: 'accepted', retry_at: expect.any(Date) });
    expect(await worker.fail(await worker.claimOne(), { message: 'the last straw' })).toMatchObject({ verdict: 'accepted', retry_at: null });
    expect(await db.make.run(runId)).toMatchObject({ status: 'failed', error: { message: 'the last straw', step: 'a' } });
    expect(await db.make.step(runId, 'a')).toMatchObject({ status: 'failed', error: { message: 'the last straw' } });
    expect(await db.make.task(runId, 'a')).toMatchObject({ status: 'failed', attempt: 2, failures: 2 });
  });

  it('three times by default', async () => {
    const { runId, worker } = await startOf([{ slug: 'a', base_delay_ms: 0 }]);
    for (let i = 0; i < 3; i += 1) await worker.fail(await worker.claimOne());
    expect(await db.make.run(runId)).toMatchObject({ status: 'failed' });
    expect(await attemptsOf(runId)).toHaveLength(3);
  });

  it('and keeps every failed attempt with its error and its worker', async () => {
    const { runId, worker } = await startOf([{ slug: 'a', base_delay_ms: 0 }]);
    for (let i = 1; i <= 3; i += 1) await worker.fail(await worker.claimOne(), { code: `c${i}`, message: `m${i}` });
    expect(await attemptsOf(runId)).toEqual(
      [1, 2, 3].map((n) => ({ step_slug: 'a', attempt: n, reported: true, error: { code: `c${n}`, message: `m${n}` }, worker_id: worker.id })),
    );
  });

  it('not at all where the error is not retryable', async () => {
    const { runId, worker } = await startOf([{ slug: 'a', max_attempts: 10 }]);
    expect(await worker.fail(await worker.claimOne(), { retryable: false })).toMatchObject({ verdict: 'accepted', retry_at: null });
    expect(await db.make.run(runId)).toMatchObject({ status: 'failed' });
  });

  it('and completes in the end with the output of the attempt that succeeded', async () => {
    const { runId, worker } = await startOf([{ slug: 'a', base_delay_ms: 0 }]);
    await worker.fail(await worker.claimOne());
    await worker.complete(await worker.claimOne(), 'second time');
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed', output: { a: 'second time' }, error: null });
  });

  it('and says which queue got work again', async () => {
    const { worker } = await startOf([{ slug: 'a', base_delay_ms: 0, queue: 'again' }]);
    const answer = await worker.fail(await worker.claimOne({ queues: ['again'] }));
    expect(answer.queues).toEqual(['again']);
  });
});

describe('an exhausted task', () => {
  it('of a map of five: no other task of that run is ever delivered again, and its messages are gone', async () => {
    const { runId, worker } = await startOf([{ slug: 'm', kind: 'map' }, { slug: 'z', depends_on: ['m'] }], [0, 1, 2, 3, 4]);
    const [task, held] = await worker.claim({ capacity: 2 });
    await worker.fail(task!, { retryable: false });
    expect(await db.make.messages('default', runId)).toEqual([]);
    expect((await db.make.tasks(runId)).map(({ status }) => status).toSorted()).toEqual(['cancelled', 'cancelled', 'cancelled', 'cancelled', 'failed']);
    await db.clock.advance(400_000);
    await db.call('requeue_lost_tasks', [await db.make.leaderToken(), 100]);
    expect(await worker.claim()).toEqual([]);
    expect(await worker.complete(held!, 1)).toMatchObject({ verdict: 'closed' });
    expect(await db.make.step(runId, 'z')).toMatchObject({ status: 'cancelled' });
  });

  it('fails the run once when two siblings are exhausted at the same moment', async () => {
    const { runId, worker } = await startOf([{ slug: 'a' }, { slug: 'b' }]);
    const other = await db.make.worker();
    const [taskA] = await worker.claim({ capacity: 1 });
    const [taskB] = await other.claim({ capacity: 1 });
    const [first, second] = [await db.session(), await db.session()];
    await first.begin();
    await worker.using(first).fail(taskA!, { retryable: false, message: 'first' });
    const pending = second.start(() => other.using(second).fail(taskB!, { retryable: false, message: 'second' }));
    await second.waitUntilBlocked();
    await first.commit();
    expect(await pending).toMatchObject({ verdict: 'closed' });
    expect(await db.make.run(runId)).toMatchObject({ status: 'failed', error: { message: 'first' } });
    expect(await db.call('open_run_counts')).toEqual(expect.arrayContaining([{ status: 'started', runs: 0 }]));
  });

  it('fails the run once when two siblings are exhausted in one batch', async () => {
    const { runId, worker } = await startOf([{ slug: 'a' }, { slug: 'b' }]);
    const tasks = await worker.claim();
    const answers = await worker.failAll(tasks.map((task) => [task, { retryable: false }]));
    expect(answers.map(({ verdict }) => verdict)).toEqual(['accepted', 'accepted']);
    expect(await db.make.run(runId)).toMatchObject({ status: 'failed' });
    expect((await db.make.steps(runId)).map(({ status }) => status)).toEqual(['failed', 'failed']);
    expect(await db.call('open_run_counts')).toEqual(expect.arrayContaining([{ status: 'started', runs: 0 }]));
  });

  it('leaves another run of the same batch alone', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b' }] });
    const [failing, going] = [await db.make.start('w'), await db.make.start('w')];
    const worker = await db.make.worker();
    const tasks = await worker.claim();
    await worker.failAll([
      [tasks.find(({ run_id }) => run_id === failing)!, { retryable: false }],
      [tasks.find(({ run_id }) => run_id === going)!, {}],
    ]);
    expect(await db.make.run(failing)).toMatchObject({ status: 'failed' });
    expect(await db.make.run(going)).toMatchObject({ status: 'started' });
    expect(await db.make.messages('default', going)).toHaveLength(2);
  });

  it('with skip lets a join start with the key of the other only', async () => {
    const { runId, worker } = await startOf([{ slug: 'a', when_exhausted: 'skip' }, { slug: 'b' }, { slug: 'j', depends_on: ['a', 'b'] }]);
    const tasks = await worker.claim();
    await worker.fail(find(tasks, 'a'), { retryable: false, message: 'gone' });
    expect(await db.make.step(runId, 'a')).toMatchObject({ status: 'skipped', skip_reason: 'handler_failed', error: { message: 'gone' } });
    expect(await worker.claim()).toEqual([]);
    await worker.complete(find(tasks, 'b'), 'of b');
    const join = await worker.claimOne();
    expect(join.input).toEqual({ b: 'of b' });
    await worker.complete(join, 'joined');
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed', output: { j: 'joined' }, remaining_steps: 0 });
  });

  it('with skip starts what waited for it only, with an empty input', async () => {
    const { worker } = await startOf([{ slug: 'a', when_exhausted: 'skip' }, { slug: 'b', depends_on: ['a'] }]);
    const answer = await worker.fail(await worker.claimOne(), { retryable: false });
    expect(answer.queues).toEqual(['default']);
    expect(await worker.claimOne()).toMatchObject({ step_slug: 'b', kind: 'step', input: {} });
  });

  it('with skip-cascade skips the join and all below it', async () => {
    const { runId, worker } = await startOf([
      { slug: 'a', when_exhausted: 'skip-cascade' },
      { slug: 'b' },
      { slug: 'j', depends_on: ['a', 'b'] },
      { slug: 'k', depends_on: ['j'] },
    ]);
    const tasks = await worker.claim();
    await worker.fail(find(tasks, 'a'), { retryable: false });
    expect(await db.make.step(runId, 'j')).toMatchObject({ status: 'skipped', skip_reason: 'dependency_skipped' });
    expect(await db.make.step(runId, 'k')).toMatchObject({ status: 'skipped', skip_reason: 'dependency_skipped' });
    expect(await db.make.run(runId)).toMatchObject({ status: 'started', remaining_steps: 1 });
    await worker.complete(find(tasks, 'b'), 'of b');
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed', output: {} });
  });

  it('with skip-cascade of two roots at once skips what both reach once', async () => {
    const { runId, worker } = await startOf([
      { slug: 'a', when_exhausted: 'skip-cascade' },
      { slug: 'b', when_exhausted: 'skip-cascade' },
      { slug: 'j', depends_on: ['a', 'b'] },
    ]);
    await worker.failAll((await worker.claim()).map((task) => [task, { retryable: false }]));
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed', remaining_steps: 0, output: {} });
  });

  it('with skip on every step ends the run completed with {}', async () => {
    const { runId, worker } = await startOf([{ slug: 'a', when_exhausted: 'skip' }]);
    await worker.fail(await worker.claimOne(), { retryable: false });
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed', output: {} });
  });

  it('with skip in a map skips the whole step and withdraws the other tasks', async () => {
    const { runId, worker } = await startOf(
      [{ slug: 'm', kind: 'map', when_exhausted: 'skip' }, { slug: 'z', depends_on: ['m'] }],
      [0, 1, 2],
    );
    const [first, second] = await worker.claim({ capacity: 2 });
    await worker.fail(first!, { retryable: false });
    expect((await db.make.tasks(runId, 'm')).map(({ status }) => status).toSorted()).toEqual(['cancelled', 'cancelled', 'failed']);
    expect(await worker.complete(second!, 1)).toMatchObject({ verdict: 'closed' });
    expect(await worker.claim()).toMatchObject([{ step_slug: 'z', input: {} }]);
    expect((await db.make.messages('default', runId)).map(({ message }) => message['step_slug'])).toEqual(['z']);
  });

  it('with skip in a map leaves no message of a sibling that failed retryably in the same batch', async () => {
    const { runId, worker } = await startOf([{ slug: 'm', kind: 'map', when_exhausted: 'skip' }, { slug: 'z' }], [0, 1]);
    const tasks = (await worker.claim()).filter(({ step_slug }) => step_slug === 'm');
    await worker.failAll([
      [tasks[0]!, { retryable: false }],
      [tasks[1]!, { retryable: true }],
    ]);
    expect((await db.make.tasks(runId, 'm')).map(({ status }) => status).toSorted()).toEqual(['cancelled', 'failed']);
    expect((await db.make.messages('default', runId)).filter(({ message }) => message['step_slug'] === 'm')).toEqual([]);
  });

  it('over a skipped source skips a map', async () => {
    const { runId, worker } = await startOf([
      { slug: 'a', when_exhausted: 'skip' },
      { slug: 'm', kind: 'map', over: 'a' },
      { slug: 'n', kind: 'map', over: 'm' },
      { slug: 'z', depends_on: ['n'] },
    ]);
    await worker.fail(await worker.claimOne(), { retryable: false });
    expect(await db.make.step(runId, 'm')).toMatchObject({ status: 'skipped', skip_reason: 'dependency_skipped' });
    expect(await db.make.step(runId, 'n')).toMatchObject({ status: 'skipped', skip_reason: 'dependency_skipped' });
    expect(await worker.claimOne()).toMatchObject({ step_slug: 'z', input: {} });
  });
});

describe('fail_tasks fences reports:', () => {
  it('a second report of the same attempt is already, and counts once', async () => {
    const { runId, worker } = await startOf([{ slug: 'a' }]);
    const task = await worker.claimOne();
    await worker.fail(task);
    expect(await worker.fail(task)).toMatchObject({ verdict: 'already' });
    expect(await db.make.task(runId, 'a')).toMatchObject({ failures: 1 });
    expect(await db.make.messages('default', runId)).toHaveLength(1);
  });

  it('a second report after the run failed by the first is already', async () => {
    const { worker } = await startOf([{ slug: 'a' }]);
    const task = await worker.claimOne();
    await worker.fail(task, { retryable: false });
    expect(await worker.fail(task, { retryable: false })).toMatchObject({ verdict: 'already' });
  });

  it('one attempt twice in one batch counts once', async () => {
    const { runId, worker } = await startOf([{ slug: 'a' }]);
    const task = await worker.claimOne();
    const answers = await worker.failAll([
      [task, {}],
      [task, { retryable: false }],
    ]);
    expect(answers.map(({ verdict }) => verdict)).toEqual(['accepted', 'already']);
    expect(await db.make.task(runId, 'a')).toMatchObject({ status: 'queued', failures: 1 });
  });

  it('a stale attempt beside the one that holds the task, in one batch, does not hide it', async () => {
    const { runId, worker } = await startOf([{ slug: 'a' }]);
    const stale = await worker.claimOne();
    await worker.release(stale);
    const held = await worker.claimOne();
    const answers = await worker.failAll([
      [stale, {}],
      [held, {}],
    ]);
    expect(answers.map(({ verdict }) => verdict)).toEqual(['lost', 'accepted']);
    expect(await db.make.task(runId, 'a')).toMatchObject({ failures: 1 });
  });

  it('a failure of a completed attempt is already, and the output stands', async () => {
    const { runId, worker } = await startOf([{ slug: 'a' }, { slug: 'b' }]);
    const [task] = await worker.claim();
    await worker.complete(task!, 'done');
    expect(await worker.fail(task!)).toMatchObject({ verdict: 'already' });
    expect(await db.make.task(runId, task!.step_slug)).toMatchObject({ status: 'completed', output: 'done' });
  });

  it('a failure by an attempt that lost its task is lost, and does not count', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }] });
    const runId = await db.make.start('w');
    const [worker, other] = [await db.make.worker(), await db.make.worker()];
    const lost = await worker.claimOne();
    await worker.release(lost);
    const held = await other.claimOne();
    expect(await worker.fail(lost, { retryable: false })).toMatchObject({ verdict: 'lost' });
    expect(await db.make.task(runId, 'a')).toMatchObject({ status: 'started', attempt: held.attempt, failures: 0 });
  });

  it('a report of a last attempt that the scheduler took away is closed, not already', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a', max_attempts: 1 }] });
    const runId = await db.make.start('w');
    const zombie = await db.make.worker({ heartbeatTimeoutMs: 6_000 });
    const task = await zombie.claimOne();
    await db.clock.advance(6_001);
    await db.call('requeue_lost_tasks', [await db.make.leaderToken(), 100]);
    expect(await db.make.run(runId)).toMatchObject({ status: 'failed' });
    expect(await zombie.complete(task, 'too late')).toMatchObject({ verdict: 'closed' });
    expect(await zombie.fail(task)).toMatchObject({ verdict: 'closed' });
  });

  it('a failure after the run was cancelled is closed', async () => {
    const { runId, worker } = await startOf([{ slug: 'a' }]);
    const task = await worker.claimOne();
    await db.call('cancel_runs', [[runId]]);
    expect(await worker.fail(task)).toMatchObject({ verdict: 'closed' });
    expect(await attemptsOf(runId)).toEqual([]);
  });

  it('an error text beyond the bound is cut, not refused', async () => {
    const { runId, worker } = await startOf([{ slug: 'a' }]);
    await worker.fail(await worker.claimOne(), { message: '𝄞"\\\n'.repeat(10_000), retryable: false });
    const [{ bytes }] = (await db.sql<{ bytes: number }>('select octet_length(error::text) as bytes from workflow.workflow_runs where run_id = $1', [runId])) as [{ bytes: number }];
    expect(bytes).toBeLessThanOrEqual(8_192 + 100);
    expect((await db.make.run(runId)).error?.message).toMatch(/^𝄞"/);
  });

  it('an empty batch answers nothing', async () => {
    expect(await (await db.make.worker()).failAll([])).toEqual([]);
  });

  it('a batch that is no array is refused', async () => {
    await expect(db.call('fail_tasks', [(await db.make.worker()).id, json({})])).rejects.toMatchObject({ code: 'WF001' });
  });
});
