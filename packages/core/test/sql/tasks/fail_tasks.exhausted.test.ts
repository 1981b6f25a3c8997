import { useTestDatabase, type Claimed, type StepDefinition, type TestWorker } from '@singularity-workflow/testkit';

const db = useTestDatabase();

async function startOf(steps: StepDefinition[], input: unknown = {}): Promise<{ runId: string; worker: TestWorker }> {
  await db.make.define({ slug: 'w', steps });
  return { runId: await db.make.start('w', input), worker: await db.make.worker() };
}
const find = (tasks: Claimed[], slug: string) => tasks.find(({ step_slug }) => step_slug === slug)!;

describe('an exhausted task', () => {
  it('of a map of five: no other task of that run is ever delivered again, and its messages are gone', async () => {
    const { runId, worker } = await startOf(
      [
        { slug: 'm', kind: 'map' },
        { slug: 'z', depends_on: ['m'] },
      ],
      [0, 1, 2, 3, 4],
    );
    const [task, held] = await worker.claim({ capacity: 2 });
    await worker.fail(task!, { retryable: false });
    expect(await db.make.messages('default', runId)).toEqual([]);
    expect((await db.make.tasks(runId)).map(({ status }) => status).toSorted()).toEqual([
      'cancelled',
      'cancelled',
      'cancelled',
      'cancelled',
      'failed',
    ]);
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
    expect((await db.make.tasks(going)).map(({ status, failures }) => [status, failures])).toEqual([
      ['queued', 1],
      ['started', 0],
    ]);
    expect(await db.make.messages('default', going)).toHaveLength(1);
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
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed', output: { j: 'joined' }, remaining_leaves: 0 });
  });

  it('with skip starts what waited for it only, with an empty input', async () => {
    const { worker } = await startOf([
      { slug: 'a', when_exhausted: 'skip' },
      { slug: 'b', depends_on: ['a'] },
    ]);
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
    expect(await db.make.run(runId)).toMatchObject({ status: 'started', remaining_leaves: 1 });
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
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed', remaining_leaves: 0, output: {} });
  });

  it('with skip on every step ends the run completed with {}', async () => {
    const { runId, worker } = await startOf([{ slug: 'a', when_exhausted: 'skip' }]);
    await worker.fail(await worker.claimOne(), { retryable: false });
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed', output: {} });
  });

  it('with skip in a map skips the whole step and withdraws the other tasks', async () => {
    const { runId, worker } = await startOf(
      [
        { slug: 'm', kind: 'map', when_exhausted: 'skip' },
        { slug: 'z', depends_on: ['m'] },
      ],
      [0, 1, 2],
    );
    const [first, second] = await worker.claim({ capacity: 2 });
    await worker.fail(first!, { retryable: false });
    expect((await db.make.tasks(runId, 'm')).map(({ status }) => status).toSorted()).toEqual(['cancelled', 'cancelled', 'failed']);
    expect(await worker.complete(second!, 1)).toMatchObject({ verdict: 'closed' });
    expect((await db.make.messages('default', runId)).map(({ message }) => message['step_slug'])).toEqual(['z']);
    expect(await worker.claim()).toMatchObject([{ step_slug: 'z', input: {} }]);
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
