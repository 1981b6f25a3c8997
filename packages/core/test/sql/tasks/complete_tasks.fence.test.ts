import { randomUUID } from 'node:crypto';
import { useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();

async function snapshotOf(runId: string): Promise<unknown> {
  return [await db.make.run(runId), await db.make.steps(runId), await db.make.tasks(runId), await db.make.messages()];
}

describe('complete_tasks fences reports:', () => {
  it('a second report of the same attempt is already, and changes nothing', async () => {
    await db.make.define('w', 'a', 'b');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    const [task] = await worker.claim();
    await worker.complete(task!, 'first');
    const before = await snapshotOf(runId);
    expect(await worker.complete(task!, 'second')).toMatchObject({ verdict: 'already' });
    expect(await snapshotOf(runId)).toEqual(before);
  });

  it('a second report after the run ended is still already', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    const task = await worker.claimOne();
    await worker.complete(task, 'first');
    const before = await snapshotOf(runId);
    expect(await worker.complete(task, 'first')).toMatchObject({ verdict: 'already' });
    expect(await snapshotOf(runId)).toEqual(before);
  });

  it('a second report after the run was cancelled is still already', async () => {
    await db.make.define('w', 'a', 'b');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    const [task] = await worker.claim();
    await worker.complete(task!, 'first');
    await db.call('cancel_runs', [[runId]]);
    expect(await worker.complete(task!, 'first')).toMatchObject({ verdict: 'already' });
  });

  it('one attempt twice in one batch is accepted once and already once; the first output stands', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }] });
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    const task = await worker.claimOne();
    const answers = await worker.completeAll([
      [task, 'first'],
      [task, 'second'],
    ]);
    expect(answers.map(({ verdict }) => verdict)).toEqual(['accepted', 'already']);
    expect(await db.make.task(runId, 'a')).toMatchObject({ output: 'first' });
    expect(await db.make.step(runId, 'a')).toMatchObject({ remaining_tasks: 0 });
    expect(await db.make.step(runId, 'b')).toMatchObject({ status: 'started', remaining_deps: 0 });
    expect(await db.make.run(runId)).toMatchObject({ status: 'started', remaining_leaves: 1 });
  });

  it('the first of two reports counts, however many are in the batch', async () => {
    await db.make.define('w', 'a');
    await db.make.startAll(Array.from({ length: 60 }, () => ({ tenant_id: 'acme', workflow: 'w' })));
    const worker = await db.make.worker();
    const tasks = (await worker.claim()).toReversed();
    const answers = await worker.completeAll(['first', 'second'].flatMap((output) => tasks.map((task) => [task, output] as const)));
    expect(answers.map(({ verdict }) => verdict)).toEqual([...tasks.map(() => 'accepted'), ...tasks.map(() => 'already')]);
    expect(await db.sql('select distinct output from workflow.step_tasks')).toEqual([{ output: 'first' }]);
  });

  it('a stale attempt beside the one that holds the task, in one batch, does not hide it', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    const stale = await worker.claimOne();
    await worker.release(stale);
    const held = await worker.claimOne();
    const answers = await worker.completeAll([
      [stale, 'stale'],
      [held, 'held'],
    ]);
    expect(answers.map(({ verdict }) => verdict)).toEqual(['closed', 'accepted']);
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed', output: { a: 'held' } });
  });

  it('a report by an attempt that lost its task is lost, and the output of the holder stands', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const zombie = await db.make.worker({ heartbeatTimeoutMs: 6_000 });
    const heir = await db.make.worker({ heartbeatTimeoutMs: 3_600_000 });
    const lost = await zombie.claimOne();
    await db.clock.advance(6_001);
    await db.call('requeue_lost_tasks', [await db.make.leaderToken(), 100]);
    const held = await heir.claimOne();
    expect(held.attempt).toBe(2);
    expect(await zombie.complete(lost, 'of the zombie')).toMatchObject({ verdict: 'lost' });
    expect(await heir.complete(held, 'of the holder')).toMatchObject({ verdict: 'accepted' });
    expect(await zombie.complete(lost, 'of the zombie')).not.toMatchObject({ verdict: 'accepted' });
    expect((await db.make.run(runId)).output).toEqual({ a: 'of the holder' });
  });

  it('a report for a task that waits in the queue again is lost', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    const task = await worker.claimOne();
    await worker.release(task);
    expect(await worker.complete(task, 1)).toMatchObject({ verdict: 'lost' });
    expect(await db.make.task(runId, 'a')).toMatchObject({ status: 'queued' });
    expect(await db.make.messages('default', runId)).toHaveLength(1);
  });

  it('a report of an attempt that is not yet is lost', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    const task = await worker.claimOne();
    expect(await worker.complete({ ...task, attempt: 2 }, 1)).toMatchObject({ verdict: 'lost' });
    expect(await db.make.task(runId, 'a')).toMatchObject({ status: 'started', attempt: 1 });
  });

  it('a report by a worker that does not hold the task is lost', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const [worker, other] = [await db.make.worker(), await db.make.worker()];
    const task = await worker.claimOne();
    expect(await other.complete(task, 'stolen')).toMatchObject({ verdict: 'lost' });
    expect(await db.make.task(runId, 'a')).toMatchObject({ status: 'started', worker_id: worker.id });
  });

  it('a report after the run was cancelled is closed', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    const task = await worker.claimOne();
    await db.call('cancel_runs', [[runId]]);
    expect(await worker.complete(task, 1)).toMatchObject({ verdict: 'closed' });
    expect(await db.make.run(runId)).toMatchObject({ status: 'cancelled', output: null });
  });

  it('a report after a sibling failed the run is closed', async () => {
    await db.make.define('w', 'a', 'b');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    const [first, second] = await worker.claim();
    await worker.fail(first!, { retryable: false });
    expect(await worker.complete(second!, 1)).toMatchObject({ verdict: 'closed' });
    expect(await db.make.run(runId)).toMatchObject({ status: 'failed' });
    expect(await db.make.task(runId, second!.step_slug)).toMatchObject({ status: 'cancelled', output: null });
  });

  it('a report of a run that does not exist is lost and disturbs nobody in its batch', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    const task = await worker.claimOne();
    const answers = await worker.completeAll([
      [{ ...task, run_id: randomUUID() }, 1],
      [{ ...task, step_slug: 'nothing' }, 1],
      [{ ...task, task_index: 7 }, 1],
      [task, 'real'],
    ]);
    expect(answers.map(({ ordinal }) => ordinal)).toEqual([1, 2, 3, 4]);
    expect(answers[3]).toMatchObject({ verdict: 'accepted' });
    expect(answers.slice(0, 3).every(({ verdict }) => verdict === 'lost' || verdict === 'closed')).toBe(true);
    expect((await db.make.run(runId)).output).toEqual({ a: 'real' });
  });

  it('reports of a paused run are accepted', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }] });
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    const task = await worker.claimOne();
    await db.call('pause_run', [runId]);
    expect(await worker.complete(task, 1)).toMatchObject({ verdict: 'accepted' });
    expect(await worker.claim()).toEqual([]);
    await db.call('resume_run', [runId]);
    expect(await worker.claim()).toHaveLength(1);
  });

  it('the last report of a paused run ends it', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    const task = await worker.claimOne();
    await db.call('pause_run', [runId]);
    await worker.complete(task, 1);
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed' });
  });
});
