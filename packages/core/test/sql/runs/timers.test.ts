// start_due_runs and fail_overdue_runs: what only time brings about.
import { useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();
beforeEach(() => db.clock.freeze());
const inMs = async (ms: number) => new Date((await db.clock.now()).getTime() + ms).toISOString();
const startDue = async (limit = 100) =>
  db.call<{ run_id: string; queues: string[] }>('start_due_runs', [await db.make.leaderToken(), limit]);
const failOverdue = async (limit = 100) => db.call<{ run_id: string }>('fail_overdue_runs', [await db.make.leaderToken(), limit]);

describe('start_due_runs', () => {
  it('starts a run when its time has come, not before', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a', queue: 'due_queue' }] });
    const runId = await db.make.start('w', { n: 1 }, { run_at: await inMs(60_000) });
    expect(await startDue()).toEqual([]);
    await db.clock.advance(60_001);
    expect(await startDue()).toEqual([{ run_id: runId, queues: ['due_queue'] }]);
    expect(await db.make.run(runId)).toMatchObject({ status: 'started', started_at: expect.any(Date) });
    expect(await (await db.make.worker()).claimOne({ queues: ['due_queue'] })).toMatchObject({ run_id: runId, run_input: { n: 1 } });
  });

  it('starts each once, however often it is called', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w', {}, { run_at: await inMs(1_000) });
    await db.clock.advance(2_000);
    const token = await db.make.leaderToken();
    const [first, second] = [await db.session(), await db.session()];
    await first.begin();
    await first.call('start_due_runs', [token, 10]);
    const pending = second.start(() => second.call('start_due_runs', [token, 10]));
    await second.waitUntilBlocked();
    await first.commit();
    expect(await pending).toEqual([]);
    expect(await startDue()).toEqual([]);
    expect(await db.make.messages('default', runId)).toHaveLength(1);
  });

  it('takes the oldest first and no more than its limit', async () => {
    await db.make.define('w', 'a');
    const late = await db.make.start('w', {}, { run_at: await inMs(2_000) });
    const early = await db.make.start('w', {}, { run_at: await inMs(1_000) });
    await db.clock.advance(3_000);
    expect((await startDue(1)).map(({ run_id }) => run_id)).toEqual([early]);
    expect((await startDue(1)).map(({ run_id }) => run_id)).toEqual([late]);
  });

  it('completes a run at once whose root map is empty', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'm', kind: 'map' }] });
    const runId = await db.make.start('w', [], { run_at: await inMs(1_000) });
    await db.clock.advance(2_000);
    await startDue();
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed', output: { m: [] } });
    expect(await db.call('open_run_counts')).toEqual(
      expect.arrayContaining([
        { status: 'scheduled', runs: 0 },
        { status: 'started', runs: 0 },
      ]),
    );
  });

  it('moves the counts of open runs', async () => {
    await db.make.define('w', 'a');
    await db.make.start('w', {}, { run_at: await inMs(1_000) });
    await db.clock.advance(2_000);
    await startDue();
    expect(await db.call('open_run_counts')).toEqual(
      expect.arrayContaining([
        { status: 'scheduled', runs: 0 },
        { status: 'started', runs: 1 },
      ]),
    );
  });

  it('leaves no timer behind', async () => {
    await db.make.define('w', 'a');
    await db.make.start('w', {}, { run_at: await inMs(1_000) });
    const cancelled = await db.make.start('w', {}, { run_at: await inMs(1_000) });
    await db.call('cancel_runs', [[cancelled]]);
    await db.clock.advance(2_000);
    await startDue();
    expect(await db.sql('select * from workflow.run_timers')).toEqual([]);
  });

  it('reaches a due run behind cancelled ones that fill its limit', async () => {
    await db.make.define('w', 'a');
    const cancelled: string[] = [];
    for (let i = 0; i < 3; i += 1) cancelled.push(await db.make.start('w', {}, { run_at: await inMs(1_000) }));
    const runId = await db.make.start('w', {}, { run_at: await inMs(2_000) });
    await db.call('cancel_runs', [cancelled]);
    await db.clock.advance(3_000);
    const started: string[] = [];
    for (let calls = 0; calls < 3 && started.length === 0; calls += 1) started.push(...(await startDue(2)).map(({ run_id }) => run_id));
    expect(started).toEqual([runId]);
  });
});

describe('fail_overdue_runs', () => {
  it('fails a run whose deadline has passed, with all that was open', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b' }, { slug: 'z', depends_on: ['a'] }] });
    const runId = await db.make.start('w', {}, { deadline: await inMs(60_000) });
    const worker = await db.make.worker();
    const [held] = await worker.claim({ capacity: 1 });
    expect(await failOverdue()).toEqual([]);
    await db.clock.advance(60_001);
    expect(await failOverdue()).toEqual([{ run_id: runId }]);
    expect(await db.make.run(runId)).toMatchObject({ status: 'failed', error: { code: 'deadline_exceeded' } });
    expect((await db.make.steps(runId)).map(({ status }) => status)).toEqual(['cancelled', 'cancelled', 'cancelled']);
    expect(await db.make.messages('default', runId)).toEqual([]);
    expect(await worker.complete(held!, 1)).toMatchObject({ verdict: 'closed' });
  });

  it('leaves runs alone that ended in time', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w', {}, { deadline: await inMs(60_000) });
    const worker = await db.make.worker();
    await worker.complete(await worker.claimOne(), 1);
    await db.clock.advance(60_001);
    expect(await failOverdue()).toEqual([]);
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed' });
    expect(await db.sql('select * from workflow.run_timers')).toEqual([]);
  });

  it('fails scheduled and paused runs too', async () => {
    await db.make.define('w', 'a');
    const paused = await db.make.start('w', {}, { deadline: await inMs(60_000) });
    await db.call('pause_run', [paused]);
    const scheduled = await db.make.start('w', {}, { run_at: await inMs(30_000), deadline: await inMs(60_000) });
    await db.clock.advance(60_001);
    expect((await failOverdue()).map(({ run_id }) => run_id).toSorted()).toEqual([paused, scheduled].toSorted());
    expect((await db.call<{ runs: number }>('open_run_counts')).map(({ runs }) => runs)).toEqual([0, 0, 0]);
  });

  it('reaches an overdue run behind finished ones that fill its limit', async () => {
    await db.make.define('w', 'a');
    const worker = await db.make.worker();
    for (let i = 0; i < 5; i += 1) await db.make.start('w', {}, { deadline: await inMs(50_000) });
    await worker.completeAll((await worker.claim()).map((task) => [task, 1]));
    const runId = await db.make.start('w', {}, { deadline: await inMs(60_000) });
    await db.clock.advance(60_001);
    expect(await failOverdue(2)).toEqual([{ run_id: runId }]);
  });

  it('is told to workers that hold something of the run', async () => {
    await db.make.define('w', 'a');
    await db.make.start('w', {}, { deadline: await inMs(1_000) });
    const worker = await db.make.worker();
    const task = await worker.claimOne();
    await db.clock.advance(1_001);
    await failOverdue();
    expect((await worker.heartbeat([task])).aborts).toMatchObject([{ reason: 'run_failed' }]);
  });
});
