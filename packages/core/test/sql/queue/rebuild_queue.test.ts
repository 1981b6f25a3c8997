import { randomUUID } from 'node:crypto';
import { brokenLaws, useTestDatabase, type Claimed } from '@singularity-workflow/testkit';

const db = useTestDatabase();
beforeEach(() => db.clock.freeze());

/** What waits of a run, by step and index. */
const waiting = async (runId: string) =>
  (await db.make.messages('default', runId)).map(({ message }) => [message['step_slug'], message['task_index']]);

describe('rebuild_queue', () => {
  it('does nothing while the marker is there', async () => {
    await db.make.define('w', 'a');
    await db.make.start('w');
    expect((await db.call('rebuild_queue', [await db.make.leaderToken(), null, 100]))[0]).toMatchObject({
      needed: false,
      restored: 0,
      next_after: null,
    });
  });

  it('restores one message for each queued task, and says where', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', queue: 'second' }] });
    await db.make.start('w');
    await db.make.start('w', {}, { priority: 'high' });
    await db.make.forgetUnlogged();
    const { restored, queues } = await db.make.rebuild();
    expect(restored).toBe(4);
    expect([...new Set(queues)].toSorted()).toEqual(['default', 'second']);
    const messages = [...(await db.make.messages('default')), ...(await db.make.messages('second'))];
    expect(messages.map(({ queue }) => queue).toSorted()).toEqual(['default_p1', 'default_p2', 'second_p1', 'second_p2']);
    expect(await (await db.make.worker()).claim({ queues: ['default', 'second'] })).toHaveLength(4);
  });

  it('restores nothing twice', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    await db.make.forgetUnlogged();
    await db.make.rebuild();
    await db.sql('truncate workflow.queue_marker');
    expect((await db.make.rebuild()).restored).toBe(0);
    expect(await db.make.messages('default', runId)).toHaveLength(1);
  });

  it('restores what is missing only', async () => {
    await db.make.define('w', 'a');
    const lost = await db.make.start('w');
    await db.make.forgetUnlogged(); // the rebuild is not there yet when the next run starts
    const kept = await db.make.start('w');
    expect((await db.make.rebuild()).restored).toBe(1);
    expect([(await db.make.messages('default', lost)).length, (await db.make.messages('default', kept)).length]).toEqual([1, 1]);
  });

  it('keeps the delay of a task', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a', start_delay_ms: 60_000 }] });
    await db.make.start('w');
    await db.make.forgetUnlogged();
    await db.make.rebuild();
    const worker = await db.make.worker();
    expect(await worker.claim()).toEqual([]);
    await db.clock.advance(60_001);
    expect(await worker.claim()).toHaveLength(1);
  });

  it('gives running tasks back to claims of their workers, so that they are not lost with them', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'm', kind: 'map' }] });
    const runId = await db.make.start('w', [1, 2]);
    const [dying, living] = [await db.make.worker({ heartbeatTimeoutMs: 6_000 }), await db.make.worker()];
    const ofDying = await dying.claim({ capacity: 2 });
    const ofLiving = await living.claim();
    await db.make.forgetUnlogged();
    expect((await db.make.rebuild()).restored).toBe(3);
    expect(await db.make.messages()).toEqual([]);
    expect(await brokenLaws(db)).toEqual([]);
    const refs = (tasks: Claimed[]) =>
      tasks.map(({ step_slug, task_index, attempt }) => `${step_slug}[${task_index}]#${attempt}`).toSorted();
    const claims = (await db.make.claims()).map(({ worker_id, tasks }) => [worker_id, refs(tasks as Claimed[])]);
    expect(Object.fromEntries(claims)).toEqual({ [dying.id]: refs(ofDying), [living.id]: refs(ofLiving) });
    await db.clock.advance(6_001);
    expect(await db.call('requeue_lost_tasks', [await db.make.leaderToken(), 100])).toHaveLength(2);
    expect(await waiting(runId)).toHaveLength(2);
    expect(await living.claim()).toMatchObject([{ attempt: 2 }, { attempt: 2 }]);
  });

  it('makes no second claim of a task that is in one', async () => {
    await db.make.define('w', 'a', 'b');
    await db.make.start('w');
    const worker = await db.make.worker();
    await worker.claim({ capacity: 1 });
    await db.make.forgetUnlogged();
    const later = await db.make.start('w');
    await worker.claim();
    expect((await db.make.rebuild()).restored).toBe(2); // a's claim and b's message
    expect(await brokenLaws(db)).toEqual([]);
    expect(await db.make.claims()).toHaveLength(2);
    expect((await db.make.tasks(later)).map(({ status }) => status)).toEqual(['started', 'started']);
  });

  it('lets a worker report what it held before the crash', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }] });
    const runId = await db.make.start('w');
    const worker = await db.make.worker({ visibilityTimeoutMs: 30_000 });
    const task = await worker.claimOne();
    await db.make.forgetUnlogged();
    await db.make.rebuild();
    expect(await worker.complete(task, 1)).toMatchObject({ verdict: 'accepted' });
    const next = await worker.claimOne();
    expect(next).toMatchObject({ step_slug: 'b' });
    await db.clock.advance(30_001);
    await worker.heartbeat([next]);
    expect(await db.call('requeue_lost_tasks', [await db.make.leaderToken(), 100])).toEqual([]);
    expect(await waiting(runId)).toEqual([]);
  });

  it('leaves a task with the worker that held it before the crash and still holds it', async () => {
    await db.make.define({ slug: 'w', timeout_ms: 3_600_000, steps: [{ slug: 'a' }] });
    await db.make.start('w');
    const worker = await db.make.worker({ visibilityTimeoutMs: 30_000 });
    const task = await worker.claimOne();
    await db.make.forgetUnlogged();
    await db.make.rebuild();
    for (let i = 0; i < 4; i += 1) {
      await db.clock.advance(20_000);
      await worker.heartbeat([task]);
      expect(await db.call('requeue_lost_tasks', [await db.make.leaderToken(), 100])).toEqual([]);
    }
    expect(await worker.complete(task, 1)).toMatchObject({ verdict: 'accepted' });
  });

  it('takes back what a worker held by a claim whose answer the crash cut off', async () => {
    await db.make.define('w', 'a');
    await db.make.start('w');
    const worker = await db.make.worker({ visibilityTimeoutMs: 30_000 });
    await worker.claim(); // the worker never hears of it
    await db.make.forgetUnlogged();
    await db.make.rebuild();
    await db.clock.advance(30_001);
    await worker.heartbeat();
    expect(await db.call('requeue_lost_tasks', [await db.make.leaderToken(), 100])).toMatchObject([{ reason: 'claim_lost' }]);
  });

  it.each(['complete', 'fail', 'release'] as const)(
    'leaves each task with one message when a worker %ss what it held before the crash',
    async (report) => {
      await db.make.define({ slug: 'w', base_delay_ms: 0, steps: [{ slug: 'a' }, { slug: 'b', start_delay_ms: 86_000_000 }] });
      const runId = await db.make.start('w');
      const worker = await db.make.worker();
      const task = await worker.claimOne();
      await db.make.forgetUnlogged();
      await db.make.rebuild();
      expect(await worker[report](task)).toMatchObject({ verdict: 'accepted' });
      expect((await waiting(runId)).filter(([slug]) => slug === 'a')).toHaveLength(report === 'complete' ? 0 : 1);
      expect(await brokenLaws(db)).toEqual([]);
    },
  );

  it('does not let the claim of a failed attempt from before the crash rob the next holder', async () => {
    await db.make.define({ slug: 'w', base_delay_ms: 0, timeout_ms: 3_600_000, steps: [{ slug: 'a' }] });
    await db.make.start('w');
    const [before, heir] = [await db.make.worker({ heartbeatTimeoutMs: 6_000 }), await db.make.worker({ visibilityTimeoutMs: 30_000 })];
    const task = await before.claimOne();
    await db.make.forgetUnlogged();
    await db.make.rebuild();
    await before.fail(task);
    const held = await heir.claimOne();
    for (let i = 0; i < 3; i += 1) {
      await db.clock.advance(20_000); // the former holder is dead by now
      await heir.heartbeat([held]);
      expect(await db.call('requeue_lost_tasks', [await db.make.leaderToken(), 100])).toEqual([]);
    }
    expect(await heir.complete(held, 1)).toMatchObject({ verdict: 'accepted' });
  });

  it('gives no message to paused, scheduled or finished runs', async () => {
    await db.make.define('w', 'a');
    const paused = await db.make.start('w');
    await db.call('pause_run', [paused]);
    const cancelled = await db.make.start('w');
    await db.call('cancel_runs', [[cancelled]]);
    await db.make.start('w', {}, { run_at: '2999-01-01T00:00:00Z' });
    await db.make.forgetUnlogged();
    expect((await db.make.rebuild()).restored).toBe(0);
    expect(await db.make.messages()).toEqual([]);
    await db.call('resume_run', [paused]);
    expect(await db.make.messages()).toHaveLength(1);
  });

  it('works in chunks and reaches every run', async () => {
    await db.make.define('w', 'a');
    await db.make.startAll(Array.from({ length: 23 }, () => ({ tenant_id: 'acme', workflow: 'w' })));
    await db.make.forgetUnlogged();
    const { restored, calls } = await db.make.rebuild(5);
    expect(restored).toBe(23);
    expect(calls).toBeGreaterThan(4);
    expect(await (await db.make.worker()).claim()).toHaveLength(23);
    expect((await db.call('rebuild_queue', [await db.make.leaderToken(), null, 5]))[0]).toMatchObject({ needed: false });
  });

  it('finds a run that was reopened after the horizon had passed it', async () => {
    await db.make.define('w', 'a');
    const old = await db.make.start('w');
    await db.call('cancel_runs', [[old]]);
    await db.make.start('w');
    await db.clock.advance(3_600_000);
    await db.call('advance_horizon', [await db.make.leaderToken(), 100]);
    await db.call('retry_run', [old]);
    await db.make.forgetUnlogged();
    expect((await db.make.rebuild()).restored).toBe(2);
  });

  it('counts open runs anew', async () => {
    await db.make.define('w', 'a');
    await db.make.start('w');
    await db.call('pause_run', [await db.make.start('w')]);
    await db.make.forgetUnlogged();
    await db.make.rebuild();
    expect(await db.call('open_run_counts')).toEqual(
      expect.arrayContaining([
        { status: 'started', runs: 1 },
        { status: 'paused', runs: 1 },
      ]),
    );
  });

  it('is refused to whoever does not lead', async () => {
    await db.make.leaderToken();
    await expect(db.call('rebuild_queue', [99, null, 100])).rejects.toMatchObject({ code: 'WF302' });
    await expect(db.call('rebuild_queue', [null, randomUUID(), 100])).rejects.toMatchObject({ code: 'WF302' });
  });
});
