import { json, useTestDatabase, type StepDefinition, type TestWorker } from '@singularity-workflow/testkit';

const db = useTestDatabase();

async function startOf(steps: StepDefinition[], input: unknown = {}): Promise<{ runId: string; worker: TestWorker }> {
  await db.make.define({ slug: 'w', steps });
  return { runId: await db.make.start('w', input), worker: await db.make.worker() };
}
const attemptsOf = (runId: string) =>
  db.sql(
    'select step_slug, attempt, reported, error, worker_id from workflow.step_attempts where run_id = $1 order by step_slug, task_index, attempt',
    [runId],
  );

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

  it('a failure by a worker that does not hold the task is lost', async () => {
    const { runId, worker } = await startOf([{ slug: 'a' }]);
    const task = await worker.claimOne();
    const other = await db.make.worker();
    expect(await other.fail(task, { retryable: false })).toMatchObject({ verdict: 'lost' });
    expect(await db.make.task(runId, 'a')).toMatchObject({ status: 'started', worker_id: worker.id, failures: 0 });
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
    const [{ bytes }] = (await db.sql<{ bytes: number }>(
      'select octet_length(error::text) as bytes from workflow.workflow_runs where run_id = $1',
      [runId],
    )) as [{ bytes: number }];
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
