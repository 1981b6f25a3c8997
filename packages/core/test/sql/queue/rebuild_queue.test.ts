import { randomUUID } from 'node:crypto';
import { useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();

interface Rebuilt {
  needed: boolean;
  restored: number;
  next_after: string | null;
  queues: string[];
}

/** What a crash of the server does to unlogged tables and their sequences; the crash itself is in queue/crash.test.ts. */
async function forgetQueues(): Promise<void> {
  const tables = await db.sql<{ name: string }>(`select queue_name as name from pgmq.meta`);
  for (const { name } of tables) await db.sql(`truncate pgmq.q_${name} restart identity`);
  await db.sql('truncate workflow.queue_marker, workflow.open_run_changes');
}

async function rebuild(limit = 100): Promise<{ restored: number; calls: number; queues: string[] }> {
  const token = await db.make.leaderToken();
  let after: string | null = null;
  let restored = 0;
  let calls = 0;
  const queues: string[] = [];
  do {
    const answer: Rebuilt = (await db.call<Rebuilt>('rebuild_queue', [token, after, limit]))[0]!;
    restored += answer.restored;
    calls += 1;
    queues.push(...answer.queues);
    after = answer.next_after;
  } while (after !== null && calls < 1_000);
  return { restored, calls, queues };
}

const namesOf = async (runId: string) =>
  (await db.make.messages('default', runId)).map(({ message, read_ct }) => [message['step_slug'], message['task_index'], read_ct > 0]);

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
    await forgetQueues();
    const { restored, queues } = await rebuild();
    expect(restored).toBe(4);
    expect([...new Set(queues)].toSorted()).toEqual(['default', 'second']);
    const tasks = await (await db.make.worker()).claim({ queues: ['default', 'second'] });
    expect(tasks.map(({ queue }) => queue).toSorted()).toEqual(['default_p1', 'default_p2', 'second_p1', 'second_p2']);
  });

  it('restores nothing twice', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    await forgetQueues();
    await rebuild();
    await db.sql('truncate workflow.queue_marker');
    expect((await rebuild()).restored).toBe(0);
    expect(await db.make.messages('default', runId)).toHaveLength(1);
  });

  it('restores what is missing only', async () => {
    await db.make.define('w', 'a');
    const lost = await db.make.start('w');
    await forgetQueues();
    const kept = await db.make.start('w');
    expect((await rebuild()).restored).toBe(1);
    expect([(await db.make.messages('default', lost)).length, (await db.make.messages('default', kept)).length]).toEqual([1, 1]);
  });

  it('keeps the delay of a task', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a', start_delay_ms: 60_000 }] });
    await db.make.start('w');
    await forgetQueues();
    await rebuild();
    const worker = await db.make.worker();
    expect(await worker.claim()).toEqual([]);
    await db.clock.advance(60_001);
    expect(await worker.claim()).toHaveLength(1);
  });

  it('gives a running task a message in flight, so that it is not lost with its worker', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }] });
    const runId = await db.make.start('w');
    const dying = await db.make.worker({ heartbeatTimeoutMs: 6_000 });
    await dying.claimOne();
    await forgetQueues();
    await rebuild();
    expect(await namesOf(runId)).toEqual([['a', 0, true]]);
    expect(await (await db.make.worker()).claim()).toEqual([]);
    await db.clock.advance(6_001);
    expect(await db.call('requeue_lost_tasks', [await db.make.leaderToken(), 100])).toHaveLength(1);
    expect(await (await db.make.worker()).claim()).toHaveLength(1);
    expect(await namesOf(runId)).toEqual([['a', 0, true]]);
  });

  it('lets a worker report what it held before the crash', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }] });
    const runId = await db.make.start('w');
    const worker = await db.make.worker({ visibilityTimeoutMs: 30_000 });
    const task = await worker.claimOne();
    await forgetQueues();
    await rebuild();
    expect(await worker.complete(task, 1)).toMatchObject({ verdict: 'accepted' });
    expect(await worker.claim()).toMatchObject([{ step_slug: 'b' }]);
    await db.clock.advance(30_001);
    await db.call('requeue_lost_tasks', [await db.make.leaderToken(), 100]);
    expect((await namesOf(runId)).filter(([slug]) => slug === 'a')).toEqual([]);
  });

  it('keeps the message of a task that a worker held before the crash and still holds', async () => {
    await db.make.define({ slug: 'w', timeout_ms: 3_600_000, steps: [{ slug: 'a' }] });
    await db.make.start('w');
    const worker = await db.make.worker({ visibilityTimeoutMs: 30_000 });
    const task = await worker.claimOne();
    await forgetQueues();
    await rebuild();
    for (let i = 0; i < 4; i += 1) {
      await db.clock.advance(20_000);
      await worker.heartbeat([task]);
      expect(await db.call('requeue_lost_tasks', [await db.make.leaderToken(), 100])).toEqual([]);
    }
    expect(await worker.complete(task, 1)).toMatchObject({ verdict: 'accepted' });
  });

  it.each(['complete', 'fail', 'release'] as const)(
    'leaves no second message when a worker %ss what it held before the crash',
    async (report) => {
      await db.make.define({ slug: 'w', base_delay_ms: 0, steps: [{ slug: 'a' }, { slug: 'b', start_delay_ms: 86_000_000 }] });
      const runId = await db.make.start('w');
      const worker = await db.make.worker();
      const task = await worker.claimOne();
      await forgetQueues();
      await rebuild();
      expect(await worker[report](task)).toMatchObject({ verdict: 'accepted' });
      expect((await namesOf(runId)).filter(([slug]) => slug === 'a')).toHaveLength(report === 'complete' ? 0 : 1);
    },
  );

  it('does not let what a failed attempt from before the crash left behind rob the next holder', async () => {
    await db.make.define({ slug: 'w', base_delay_ms: 0, timeout_ms: 3_600_000, steps: [{ slug: 'a' }] });
    await db.make.start('w');
    const [before, heir] = [await db.make.worker(), await db.make.worker({ visibilityTimeoutMs: 30_000 })];
    const task = await before.claimOne();
    await forgetQueues();
    await rebuild();
    await before.fail(task);
    const held = await heir.claimOne();
    for (let i = 0; i < 3; i += 1) {
      await db.clock.advance(20_000);
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
    await forgetQueues();
    expect((await rebuild()).restored).toBe(0);
    expect(await db.make.messages()).toEqual([]);
    await db.call('resume_run', [paused]);
    expect(await db.make.messages()).toHaveLength(1);
  });

  it('works in chunks and reaches every run', async () => {
    await db.make.define('w', 'a');
    await db.make.startAll(Array.from({ length: 23 }, () => ({ tenant_id: 'acme', workflow: 'w' })));
    await forgetQueues();
    const { restored, calls } = await rebuild(5);
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
    await forgetQueues();
    expect((await rebuild()).restored).toBe(2);
  });

  it('gives ids above all that were ever given', async () => {
    await db.make.define('w', 'a');
    await db.make.start('w');
    const worker = await db.make.worker();
    const before = await worker.claimOne();
    await db.make.start('w');
    await forgetQueues();
    await rebuild();
    const after = await worker.claimOne();
    expect(after.message_id).toBeGreaterThan(before.message_id);
  });

  it('counts open runs anew', async () => {
    await db.make.define('w', 'a');
    await db.make.start('w');
    await db.call('pause_run', [await db.make.start('w')]);
    await forgetQueues();
    await rebuild();
    expect(await db.call('open_run_counts')).toEqual(
      expect.arrayContaining([
        { status: 'started', runs: 1 },
        { status: 'paused', runs: 1 },
      ]),
    );
  });

  it('does not deadlock with a report of a run that it is about to compare', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    const task = await worker.claimOne();
    await forgetQueues();
    const token = await db.make.leaderToken();
    const [reporting, scheduler] = [await db.session(), await db.session()];
    await reporting.begin();
    await reporting.sql('select workflow.lock_runs($1)', [[runId]]); // how far a report has come: it has the run, and no count yet
    const rebuilding = scheduler.start(async () => {
      let after: string | null = null;
      do after = (await scheduler.call<Rebuilt>('rebuild_queue', [token, after, 100]))[0]!.next_after;
      while (after !== null);
    });
    await scheduler.waitUntilBlocked();
    await worker.using(reporting).complete(task, 1); // ends the run: changes the counts of open runs
    await reporting.commit();
    await rebuilding;
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed' });
    expect(await db.call('open_run_counts')).toEqual(expect.arrayContaining([{ status: 'started', runs: 0 }]));
  });

  it('under load leaves each task with one message and delivers none twice at a time', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }, { slug: 'c', depends_on: ['b'] }] });
    const runIds = (await db.make.startAll(Array.from({ length: 200 }, () => ({ tenant_id: 'acme', workflow: 'w' })))).map(
      ({ run_id }) => run_id,
    );
    await forgetQueues();
    const deliveries = new Map<string, number>();
    const isDone = async () =>
      (await db.sql<{ open: number }>('select count(*) as open from workflow.workflow_runs where finished_at is null'))[0]!.open === 0;
    const work = async () => {
      const worker = (await db.make.worker()).using(await db.session());
      while (!(await isDone())) {
        const tasks = await worker.claim({ capacity: 7 });
        for (const { run_id, step_slug, attempt } of tasks) {
          const name = `${run_id} ${step_slug} ${attempt}`;
          deliveries.set(name, (deliveries.get(name) ?? 0) + 1);
        }
        const answers = await worker.completeAll(tasks.map((task) => [task, task.step_slug]));
        expect(answers.every(({ verdict }) => verdict === 'accepted')).toBe(true);
      }
    };
    await Promise.all([work(), work(), work(), rebuild(10)]);
    expect(deliveries.size).toBe(600);
    expect(Math.max(...deliveries.values())).toBe(1);
    expect(await db.make.messages()).toEqual([]);
    expect(await db.make.run(runIds[0]!)).toMatchObject({ status: 'completed', output: { c: 'c' } });
  });

  it('is refused to whoever does not lead', async () => {
    await db.make.leaderToken();
    await expect(db.call('rebuild_queue', [99, null, 100])).rejects.toMatchObject({ code: 'WF302' });
    await expect(db.call('rebuild_queue', [null, randomUUID(), 100])).rejects.toMatchObject({ code: 'WF302' });
  });
});
