import { randomUUID } from 'node:crypto';
import { useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();
beforeEach(() => db.clock.freeze());

describe('heartbeat', () => {
  it('refuses a worker that was never registered', async () => {
    await expect(db.call('heartbeat', [randomUUID(), '[]', null])).rejects.toMatchObject({ code: 'WF301' });
  });

  it('refuses a worker that was stopped', async () => {
    const worker = await db.make.worker();
    await db.call('stop_worker', [worker.id]);
    await expect(worker.heartbeat()).rejects.toMatchObject({ code: 'WF301' });
  });

  it('refuses a worker that was judged dead, so that it comes back under a new id', async () => {
    const worker = await db.make.worker({ heartbeatTimeoutMs: 6_000 });
    await db.clock.advance(6_001);
    await db.call('requeue_lost_tasks', [await db.make.leaderToken(), 100]);
    await expect(worker.heartbeat()).rejects.toMatchObject({ code: 'WF301' });
  });

  it('keeps a worker alive', async () => {
    const worker = await db.make.worker({ heartbeatTimeoutMs: 6_000 });
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const task = await worker.claimOne();
    for (let beat = 0; beat < 3; beat += 1) {
      await db.clock.advance(5_000);
      await worker.heartbeat([task]);
    }
    expect(await db.call('requeue_lost_tasks', [await db.make.leaderToken(), 100])).toEqual([]);
    expect(await db.make.task(runId, 'a')).toMatchObject({ status: 'started', attempt: 1 });
  });

  it('keeps what is in flight hidden for longer than the visibility timeout', async () => {
    const worker = await db.make.worker({ visibilityTimeoutMs: 30_000, heartbeatTimeoutMs: 60_000 });
    await db.make.define({ slug: 'w', timeout_ms: 600_000, steps: [{ slug: 'a' }] });
    await db.make.start('w');
    const task = await worker.claimOne();
    const other = await db.make.worker();
    for (let beat = 0; beat < 4; beat += 1) {
      await db.clock.advance(20_000);
      await worker.heartbeat([task]);
      await other.heartbeat();
      await db.call('requeue_lost_tasks', [await db.make.leaderToken(), 100]);
      expect(await other.claim()).toEqual([]);
    }
    expect(await worker.complete(task, 1)).toMatchObject({ verdict: 'accepted' });
  });

  it('aborts nothing while all is well', async () => {
    const worker = await db.make.worker();
    await db.make.define('w', 'a');
    await db.make.start('w');
    const task = await worker.claimOne();
    expect(await worker.heartbeat([task])).toMatchObject({ state: 'active', aborts: [] });
  });

  it('tells a worker to abort the tasks of a cancelled run', async () => {
    const worker = await db.make.worker();
    await db.make.define('w', 'a', 'b');
    const runId = await db.make.start('w');
    const tasks = await worker.claim();
    await db.call('cancel_runs', [[runId]]);
    const { aborts } = await worker.heartbeat(tasks);
    expect(aborts.map(({ step_slug, reason }) => `${step_slug} ${reason}`).toSorted()).toEqual(['a run_cancelled', 'b run_cancelled']);
  });

  it('tells a worker to abort the siblings of a task that failed the run', async () => {
    const worker = await db.make.worker();
    await db.make.define('w', 'a', 'b');
    await db.make.start('w');
    const [first, second] = await worker.claim();
    await worker.fail(first!, { retryable: false });
    expect((await worker.heartbeat([second!])).aborts).toMatchObject([{ step_slug: second!.step_slug, attempt: 1, reason: 'run_failed' }]);
  });

  it('tells a worker that a task is no longer its own', async () => {
    const [worker, other] = [await db.make.worker({ visibilityTimeoutMs: 10_000 }), await db.make.worker()];
    await db.make.define('w', 'a');
    await db.make.start('w');
    const task = await worker.claimOne();
    await worker.release(task);
    const again = await other.claimOne();
    expect((await worker.heartbeat([task])).aborts).toMatchObject([{ attempt: task.attempt, reason: 'lost' }]);
    expect((await other.heartbeat([again])).aborts).toEqual([]);
  });

  it('never hides a message of another attempt that came back to the queue', async () => {
    const [worker, other] = [await db.make.worker({ visibilityTimeoutMs: 10_000 }), await db.make.worker()];
    await db.make.define('w', 'a');
    await db.make.start('w');
    const task = await worker.claimOne();
    await worker.release(task);
    await worker.heartbeat([task]);
    expect(await other.claim()).toHaveLength(1);
  });

  it('tells a draining worker so', async () => {
    const worker = await db.make.worker();
    await db.call('deprecate_worker', [worker.id]);
    expect(await worker.heartbeat()).toMatchObject({ state: 'deprecated' });
  });

  it('aborts a task of a run that was deleted meanwhile', async () => {
    const worker = await db.make.worker();
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const task = await worker.claimOne();
    await db.call('cancel_runs', [[runId]]);
    await db.call('delete_runs', [[runId]]);
    expect((await worker.heartbeat([task])).aborts).toMatchObject([{ run_id: runId, reason: 'lost' }]);
  });

  it('does not wait for a report of the same task that is being written', async () => {
    const worker = await db.make.worker();
    await db.make.define('w', 'a');
    await db.make.start('w');
    const task = await worker.claimOne();
    const reporting = await db.session();
    await reporting.begin();
    await worker.using(reporting).complete(task, 1);
    await db.clock.advance(20_000);
    await expect(worker.heartbeat([task])).resolves.toBeDefined();
    await reporting.commit();
  });
});
