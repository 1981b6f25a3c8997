import { useTestDatabase, type Claimed } from '@singularity-workflow/testkit';

const db = useTestDatabase();
beforeEach(() => db.clock.freeze());
const HEARTBEAT_MS = 6_000;

interface Lost {
  run_id: string;
  step_slug: string;
  task_index: number;
  attempt: number;
  reason: string;
  queues: string[];
}
const requeue = async (limit = 100): Promise<Lost[]> => db.call<Lost>('requeue_lost_tasks', [await db.make.leaderToken(), limit]);

describe('requeue_lost_tasks', () => {
  it('gives the task of a dead worker to another at once, as the next attempt', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const [dead, heir] = [await db.make.worker({ heartbeatTimeoutMs: HEARTBEAT_MS }), await db.make.worker()];
    await dead.claimOne();
    await db.clock.advance(HEARTBEAT_MS + 1);
    expect(await requeue()).toMatchObject([
      { run_id: runId, step_slug: 'a', task_index: 0, attempt: 1, reason: 'worker_lost', queues: ['default'] },
    ]);
    expect(await db.make.task(runId, 'a')).toMatchObject({ status: 'queued', failures: 1, worker_id: null });
    expect(await heir.claimOne()).toMatchObject({ attempt: 2 });
  });

  it('does not wait for the visibility timeout of a dead worker', async () => {
    await db.make.define('w', 'a');
    await db.make.start('w');
    const dead = await db.make.worker({ heartbeatTimeoutMs: HEARTBEAT_MS, visibilityTimeoutMs: 600_000 });
    await dead.claimOne();
    await db.clock.advance(HEARTBEAT_MS + 1);
    expect(await requeue()).toHaveLength(1);
    expect(await (await db.make.worker()).claim()).toHaveLength(1);
  });

  it('leaves the task of a worker alone that beats', async () => {
    await db.make.define('w', 'a');
    await db.make.start('w');
    const worker = await db.make.worker({ heartbeatTimeoutMs: HEARTBEAT_MS });
    const task = await worker.claimOne();
    for (let i = 0; i < 3; i += 1) {
      await db.clock.advance(HEARTBEAT_MS - 1_000);
      await worker.heartbeat([task]);
    }
    expect(await requeue()).toEqual([]);
  });

  it('keeps the loss as an attempt that was not reported', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const dead = await db.make.worker({ heartbeatTimeoutMs: HEARTBEAT_MS });
    await dead.claimOne();
    await db.clock.advance(HEARTBEAT_MS + 1);
    await requeue();
    expect(await db.sql('select attempt, reported, worker_id, error from workflow.step_attempts where run_id = $1', [runId])).toMatchObject(
      [{ attempt: 1, reported: false, worker_id: dead.id, error: { code: 'worker_lost' } }],
    );
  });

  it('ends the run failed when the last attempt was lost: never stuck', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a', max_attempts: 2 }] });
    const runId = await db.make.start('w');
    for (let i = 0; i < 2; i += 1) {
      await (await db.make.worker({ heartbeatTimeoutMs: HEARTBEAT_MS })).claimOne();
      await db.clock.advance(HEARTBEAT_MS + 1);
      await requeue();
    }
    expect(await db.make.run(runId)).toMatchObject({ status: 'failed', error: { code: 'worker_lost', step: 'a' } });
    expect(await db.make.messages()).toEqual([]);
  });

  it('skips the step instead where it asks for that', async () => {
    await db.make.define({
      slug: 'w',
      steps: [
        { slug: 'a', max_attempts: 1, when_exhausted: 'skip' },
        { slug: 'b', depends_on: ['a'] },
      ],
    });
    const runId = await db.make.start('w');
    await (await db.make.worker({ heartbeatTimeoutMs: HEARTBEAT_MS })).claimOne();
    await db.clock.advance(HEARTBEAT_MS + 1);
    expect(await requeue()).toMatchObject([{ queues: ['default'] }]);
    expect(await db.make.run(runId)).toMatchObject({ status: 'started' });
    expect(await (await db.make.worker()).claimOne()).toMatchObject({ step_slug: 'b', input: {} });
  });

  it('takes a task back whose claim was never answered, although the worker lives', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const worker = await db.make.worker({ visibilityTimeoutMs: 30_000, heartbeatTimeoutMs: HEARTBEAT_MS });
    await worker.claim(); // the answer is lost on the way: no heartbeat names the task
    for (let i = 0; i < 6; i += 1) {
      await db.clock.advance(5_001);
      await worker.heartbeat([]);
    }
    expect(await requeue()).toMatchObject([{ run_id: runId, reason: 'claim_lost' }]);
    expect(await worker.claim()).toMatchObject([{ attempt: 2 }]);
  });

  it('ends an attempt that takes longer than its timeout and its worker is willing to say', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a', timeout_ms: 10_000, base_delay_ms: 50_000 }] });
    const runId = await db.make.start('w');
    const worker = await db.make.worker({ heartbeatTimeoutMs: HEARTBEAT_MS });
    const task = await worker.claimOne();
    for (let i = 0; i < 3; i += 1) {
      await db.clock.advance(5_000);
      await worker.heartbeat([task]);
    }
    expect(await requeue()).toEqual([]);
    await db.clock.advance(1_001);
    await worker.heartbeat([task]);
    expect(await requeue()).toMatchObject([{ run_id: runId, reason: 'timeout' }]);
    expect(await worker.claim()).toEqual([]);
    expect((await worker.heartbeat([task])).aborts).toMatchObject([{ reason: 'lost' }]);
    expect(await worker.complete(task, 'late')).toMatchObject({ verdict: 'lost' });
  });

  it('takes no more than its limit, and the rest with the next call', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'm', kind: 'map' }] });
    await db.make.start('w', [1, 2, 3, 4, 5]);
    await (await db.make.worker({ heartbeatTimeoutMs: HEARTBEAT_MS })).claim();
    await db.clock.advance(HEARTBEAT_MS + 1);
    expect([(await requeue(3)).length, (await requeue(3)).length, (await requeue(3)).length]).toEqual([3, 2, 0]);
  });

  it('called twice at once takes each task once', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'm', kind: 'map', max_attempts: 2 }] });
    const runId = await db.make.start('w', [1, 2, 3]);
    await (await db.make.worker({ heartbeatTimeoutMs: HEARTBEAT_MS })).claim();
    await db.clock.advance(HEARTBEAT_MS + 1);
    const token = await db.make.leaderToken();
    const [first, second] = [await db.session(), await db.session()];
    await first.begin();
    const taken = await first.call('requeue_lost_tasks', [token, 100]);
    const pending = second.start(() => second.call('requeue_lost_tasks', [token, 100]));
    await second.waitUntilBlocked();
    await first.commit();
    expect([taken.length, (await pending).length]).toEqual([3, 0]);
    expect((await db.make.tasks(runId)).map(({ failures }) => failures)).toEqual([1, 1, 1]);
    expect(await db.make.messages('default', runId)).toHaveLength(3);
  });

  it('does not take a task whose report is being written', async () => {
    await db.make.define('w', 'a', 'b');
    const runId = await db.make.start('w');
    const worker = await db.make.worker({ heartbeatTimeoutMs: HEARTBEAT_MS });
    const [task, other] = (await worker.claim()) as [Claimed, Claimed];
    await db.clock.advance(HEARTBEAT_MS + 1);
    const token = await db.make.leaderToken();
    const [reporting, scheduler] = [await db.session(), await db.session()];
    await reporting.begin();
    await worker.using(reporting).complete(task, 'in time');
    const pending = scheduler.start(() => scheduler.call<Lost>('requeue_lost_tasks', [token, 100]));
    await scheduler.waitUntilBlocked();
    await reporting.commit();
    expect((await pending).map(({ step_slug }) => step_slug)).toEqual([other.step_slug]);
    expect(await db.make.task(runId, task.step_slug)).toMatchObject({ status: 'completed', output: 'in time' });
  });

  it('misses no task of a claim that was under way when its worker was judged dead', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const dying = await db.make.worker({ heartbeatTimeoutMs: HEARTBEAT_MS });
    const claiming = await db.session();
    await claiming.begin();
    const claimed = await dying.using(claiming).claim();
    await db.clock.advance(HEARTBEAT_MS + 1);
    const token = await db.make.leaderToken();
    const scheduler = await db.session();
    const judging = scheduler.start(() => scheduler.call('requeue_lost_tasks', [token, 100]));
    await Promise.race([judging, scheduler.waitUntilBlocked()]);
    await claiming.commit();
    await judging;
    await requeue();
    expect(claimed).toHaveLength(1);
    expect(await db.make.task(runId, 'a')).toMatchObject({ status: 'queued', worker_id: null });
    expect(await (await db.make.worker()).claim()).toHaveLength(1);
  });

  it('lets a worker that comes back register under a new id only', async () => {
    const worker = await db.make.worker({ heartbeatTimeoutMs: HEARTBEAT_MS });
    await db.clock.advance(HEARTBEAT_MS + 1);
    await requeue();
    await expect(worker.heartbeat()).rejects.toMatchObject({ code: 'WF301' });
    await expect(db.make.worker({ workerId: worker.id })).rejects.toMatchObject({ code: 'WF301' });
    await expect(db.make.worker()).resolves.toBeDefined();
  });

  it('leaves the tasks of a paused run with their living worker', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const worker = await db.make.worker({ heartbeatTimeoutMs: HEARTBEAT_MS });
    const task = await worker.claimOne();
    await db.call('pause_run', [runId]);
    await db.clock.advance(5_000);
    await worker.heartbeat([task]);
    expect(await requeue()).toEqual([]);
  });

  it('takes the tasks of a paused run from a dead worker, and delivers them after the resume', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const dead = await db.make.worker({ heartbeatTimeoutMs: HEARTBEAT_MS });
    await dead.claimOne();
    await db.call('pause_run', [runId]);
    await db.clock.advance(HEARTBEAT_MS + 1);
    expect(await requeue()).toHaveLength(1);
    const heir = await db.make.worker();
    expect(await heir.claim()).toEqual([]);
    await db.call('resume_run', [runId]);
    expect(await heir.claim()).toHaveLength(1);
  });
});
