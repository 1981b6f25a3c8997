import { randomUUID } from 'node:crypto';
import { useTestDatabase, type Claimed, type StepDefinition, type TestWorker } from '@singularity-workflow/testkit';

const db = useTestDatabase();
const retry = async (runId: string, from?: string, step?: string) =>
  (await db.call('retry_run', [runId, from ?? 'failed', step ?? null]))[0];

async function startOf(steps: StepDefinition[], input: unknown = {}): Promise<{ runId: string; worker: TestWorker }> {
  await db.make.define({ slug: 'w', base_delay_ms: 0, steps });
  return { runId: await db.make.start('w', input), worker: await db.make.worker() };
}
/** Completes everything that can be claimed with its step's name, until nothing is left; answers the names in order. */
async function drain(worker: TestWorker, outputOf = (task: Claimed): unknown => `${task.step_slug}#${task.attempt}`): Promise<string[]> {
  const names: string[] = [];
  for (let tasks = await worker.claim(); tasks.length > 0; tasks = await worker.claim()) {
    names.push(...tasks.map(({ step_slug, task_index }) => `${step_slug}[${task_index}]`).toSorted());
    await worker.completeAll(tasks.map((task) => [task, outputOf(task)]));
  }
  return names;
}
const chain: StepDefinition[] = [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }, { slug: 'c', depends_on: ['b'] }];

describe('retry_run', () => {
  it('goes on from the failed step and keeps completed outputs', async () => {
    const { runId, worker } = await startOf(chain);
    await worker.complete(await worker.claimOne(), 'a once');
    await worker.fail(await worker.claimOne(), { retryable: false });
    expect(await retry(runId)).toMatchObject({ run_id: runId, status: 'started', queues: ['default'] });
    expect(await db.make.run(runId)).toMatchObject({ status: 'started', remaining_leaves: 1, error: null });
    const again = await worker.claimOne();
    expect(again).toMatchObject({ step_slug: 'b', attempt: 2, input: { a: 'a once' } });
    await worker.complete(again, 'b');
    expect(await drain(worker)).toEqual(['c[0]']);
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed', remaining_leaves: 0 });
  });

  it('counts failures anew and lets attempts go on rising', async () => {
    const { runId, worker } = await startOf([{ slug: 'a', max_attempts: 2 }]);
    await worker.fail(await worker.claimOne());
    await worker.fail(await worker.claimOne());
    await retry(runId);
    expect(await db.make.task(runId, 'a')).toMatchObject({ status: 'queued', failures: 0, attempt: 2 });
    const third = await worker.claimOne();
    expect(third.attempt).toBe(3);
    await worker.fail(third);
    await worker.complete(await worker.claimOne(), 'at last');
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed', output: { a: 'at last' } });
  });

  it('keeps the attempts that failed before', async () => {
    const { runId, worker } = await startOf([{ slug: 'a' }]);
    await worker.fail(await worker.claimOne(), { retryable: false });
    await retry(runId);
    await worker.fail(await worker.claimOne(), { retryable: false });
    expect(await db.sql('select attempt from workflow.step_attempts where run_id = $1 order by 1', [runId])).toEqual([
      { attempt: 1 },
      { attempt: 2 },
    ]);
  });

  it('keeps the completed tasks of a failed map', async () => {
    const { runId, worker } = await startOf([{ slug: 'm', kind: 'map' }], [0, 1, 2]);
    const tasks = await worker.claim();
    const of = (index: number) => tasks.find(({ task_index }) => task_index === index)!;
    await worker.complete(of(0), 'kept');
    await worker.fail(of(1), { retryable: false });
    await retry(runId);
    expect(await drain(worker, ({ task_index }) => `again ${task_index}`)).toEqual(['m[1]', 'm[2]']);
    expect((await db.make.run(runId)).output).toEqual({ m: ['kept', 'again 1', 'again 2'] });
  });

  it('from start runs everything anew', async () => {
    const { runId, worker } = await startOf(chain);
    await worker.complete(await worker.claimOne(), 'first');
    await worker.fail(await worker.claimOne(), { retryable: false });
    await retry(runId, 'start');
    expect(await db.make.run(runId)).toMatchObject({ status: 'started', remaining_leaves: 1 });
    expect((await db.make.steps(runId)).map(({ status }) => status)).toEqual(['started', 'created', 'created']);
    expect(await drain(worker)).toEqual(['a[0]', 'b[0]', 'c[0]']);
    expect((await db.make.run(runId)).output).toEqual({ c: 'c#1' });
  });

  it('from a step runs that one and what depends on it anew', async () => {
    const { runId, worker } = await startOf([
      { slug: 'a' },
      { slug: 'b', depends_on: ['a'] },
      { slug: 'other', depends_on: ['a'] },
      { slug: 'c', depends_on: ['b', 'other'] },
    ]);
    await worker.complete(await worker.claimOne(), 'a');
    await worker.completeAll((await worker.claim()).map((task) => [task, task.step_slug]));
    await worker.fail(await worker.claimOne(), { retryable: false });
    await retry(runId, 'step', 'b');
    expect(await drain(worker)).toEqual(['b[0]', 'c[0]']);
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed' });
  });

  it('reads the size of a map anew when its source is run again', async () => {
    const { runId, worker } = await startOf([{ slug: 'a' }, { slug: 'm', kind: 'map', over: 'a' }, { slug: 'z', depends_on: ['m'] }]);
    await worker.complete(await worker.claimOne(), [1, 2, 3]);
    await worker.fail((await worker.claim())[0]!, { retryable: false });
    await retry(runId, 'step', 'a');
    await worker.complete(await worker.claimOne(), [10]);
    expect(await drain(worker, ({ input }) => input)).toEqual(['m[0]', 'z[0]']);
    expect(await db.make.step(runId, 'm')).toMatchObject({ status: 'completed', initial_tasks: 1 });
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed', output: { z: { m: [10] } } });
  });

  it('lets a map that failed for its source fail again by the same name, and succeed once the source is run again', async () => {
    const { runId, worker } = await startOf([{ slug: 'a' }, { slug: 'm', kind: 'map', over: 'a' }]);
    await worker.complete(await worker.claimOne(), 'no array');
    expect(await retry(runId)).toMatchObject({ status: 'failed' });
    expect(await db.make.run(runId)).toMatchObject({ status: 'failed', error: { code: 'type_violation' } });
    expect(await db.call('open_run_counts')).toEqual(expect.arrayContaining([{ status: 'started', runs: 0 }]));
    await retry(runId, 'step', 'a');
    await worker.complete(await worker.claimOne(), [5]);
    await drain(worker, ({ input }) => input);
    expect((await db.make.run(runId)).output).toEqual({ m: [5] });
  });

  it('restarts siblings that were cancelled by the failure', async () => {
    const { runId, worker } = await startOf([{ slug: 'a' }, { slug: 'b' }]);
    const tasks = await worker.claim();
    await worker.fail(tasks[0]!, { retryable: false });
    await retry(runId);
    const again = await worker.claim();
    expect(again.map(({ step_slug, attempt }) => `${step_slug}#${attempt}`).toSorted()).toEqual(['a#2', 'b#2']);
    expect(await worker.complete(tasks[1]!, 'of the old attempt')).toMatchObject({ verdict: 'lost' });
    await worker.completeAll(again.map((task) => [task, 'new']));
    expect(await db.make.run(runId)).toMatchObject({ output: { a: 'new', b: 'new' } });
  });

  it('is not disturbed by reports of old attempts, before and after the new claim', async () => {
    const { runId, worker } = await startOf([{ slug: 'a' }, { slug: 'b' }]);
    const old = await worker.claim();
    await worker.fail(old[0]!, { retryable: false });
    await retry(runId);
    for (const task of old) {
      expect(['lost', 'already']).toContain((await worker.complete(task, 'stale')).verdict);
      expect(['lost', 'already']).toContain((await worker.fail(task, { retryable: false })).verdict);
      expect(['lost', 'already']).toContain((await worker.release(task)).verdict);
    }
    expect(await db.make.messages('default', runId)).toHaveLength(2);
    const again = await worker.claim();
    await worker.completeAll(old.map((task) => [task, 'stale']));
    expect((await db.make.tasks(runId)).map(({ status }) => status)).toEqual(['started', 'started']);
    await worker.completeAll(again.map((task) => [task, 'fresh']));
    expect(await db.make.run(runId)).toMatchObject({ output: { a: 'fresh', b: 'fresh' } });
  });

  it('works on a cancelled run', async () => {
    const { runId, worker } = await startOf(chain);
    await worker.complete(await worker.claimOne(), 'a');
    await db.call('cancel_runs', [[runId]]);
    await retry(runId);
    expect(await drain(worker)).toEqual(['b[0]', 'c[0]']);
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed' });
  });

  it('starts a run that was cancelled before it was due', async () => {
    await db.make.define({ slug: 'w', steps: chain });
    const runId = await db.make.start('w', {}, { run_at: '2999-01-01T00:00:00Z' });
    await db.call('cancel_runs', [[runId]]);
    await retry(runId);
    expect(await drain(await db.make.worker())).toEqual(['a[0]', 'b[0]', 'c[0]']);
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed' });
  });

  it('drops a deadline that has passed, and keeps one that has not', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }] });
    const soon = await db.make.start('w', {}, { deadline: new Date(Date.now() + 60_000).toISOString() });
    const later = await db.make.start('w', {}, { deadline: new Date(Date.now() + 600_000).toISOString() });
    await db.clock.advance(120_000);
    await db.call('fail_overdue_runs', [await db.make.leaderToken(), 10]);
    await db.call('cancel_runs', [[later]]);
    await retry(soon);
    await retry(later);
    expect(await db.call('fail_overdue_runs', [await db.make.leaderToken(), 10])).toEqual([]);
    await db.clock.advance(600_000);
    expect(await db.call('fail_overdue_runs', [await db.make.leaderToken(), 10])).toEqual([{ run_id: later }]);
    expect(await db.make.run(soon)).toMatchObject({ status: 'started' });
  });

  it('keeps skipped steps skipped when it goes on from the failed ones', async () => {
    const { runId, worker } = await startOf([{ slug: 'a', when_exhausted: 'skip' }, { slug: 'b' }, { slug: 'j', depends_on: ['a', 'b'] }]);
    const tasks = await worker.claim();
    await worker.fail(
      tasks.find(({ step_slug }) => step_slug === 'a')!,
      { retryable: false },
    );
    await worker.fail(
      tasks.find(({ step_slug }) => step_slug === 'b')!,
      { retryable: false },
    );
    await retry(runId);
    expect(await drain(worker)).toEqual(['b[0]', 'j[0]']);
    expect(await db.make.step(runId, 'a')).toMatchObject({ status: 'skipped' });
  });

  it('by two at the same moment happens once', async () => {
    const { runId, worker } = await startOf([{ slug: 'a' }]);
    await worker.fail(await worker.claimOne(), { retryable: false });
    const [first, second] = [await db.session(), await db.session()];
    await first.begin();
    await first.call('retry_run', [runId]);
    const pending = second.start(() => second.call('retry_run', [runId]));
    await second.waitUntilBlocked();
    await first.commit();
    await expect(pending).rejects.toMatchObject({ code: 'WF213' });
    expect(await db.make.messages('default', runId)).toHaveLength(1);
    expect(await db.call('open_run_counts')).toEqual(expect.arrayContaining([{ status: 'started', runs: 1 }]));
  });

  it('fails by the bound again where outputs together were too large, without touching what completed', async () => {
    await db.call('set_limit', ['gathered_bytes_max', 100]);
    const { runId, worker } = await startOf([{ slug: 'a' }, { slug: 'b' }]);
    await worker.completeAll((await worker.claim()).map((task) => [task, 'x'.repeat(80)]));
    expect(await db.make.run(runId)).toMatchObject({ status: 'failed', error: { code: 'output_too_large' } });
    await db.call('set_limit', ['gathered_bytes_max', 1_000]);
    await retry(runId);
    await drain(worker);
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed', output: { a: 'x'.repeat(80), b: 'x'.repeat(80) } });
  });

  it.each(['started', 'paused', 'completed', 'scheduled'])('refuses a run that is %s', async (status) => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }] });
    const runId = await db.make.start('w', {}, status === 'scheduled' ? { run_at: '2999-01-01T00:00:00Z' } : {});
    if (status === 'paused') await db.call('pause_run', [runId]);
    if (status === 'completed') await drain(await db.make.worker());
    await expect(retry(runId)).rejects.toMatchObject({ code: 'WF213' });
  });

  it('refuses a run that does not exist', async () => {
    await expect(retry(randomUUID())).rejects.toMatchObject({ code: 'WF204' });
  });

  it('refuses a step that does not exist', async () => {
    const { runId, worker } = await startOf([{ slug: 'a' }]);
    await worker.fail(await worker.claimOne(), { retryable: false });
    await expect(retry(runId, 'step', 'nothing')).rejects.toMatchObject({ code: 'WF208' });
  });

  it.each([
    ['nowhere', undefined],
    ['step', undefined],
    ['failed', 'a'],
  ])('refuses to go from %s with step %s', async (from, step) => {
    const { runId, worker } = await startOf([{ slug: 'a' }]);
    await worker.fail(await worker.claimOne(), { retryable: false });
    await expect(retry(runId, from, step)).rejects.toMatchObject({ code: 'WF001' });
  });
});
