// A database that goes away and comes back, at every point of an attempt.
import { useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import { createExecutor, workflow } from '../../src/index.js';
import { Wire } from './proxy.js';
import { gate, passTime, useExecutors } from './support.js';

const db = useTestDatabase();
const { executor, finished, events, eventsOf } = useExecutors(db);

let wire: Wire;
beforeEach(async () => {
  wire = await Wire.to(db.url('workflow_executor'));
});
afterEach(() => wire.close());

/** Runs that the scheduler would take care of. */
async function requeueLost(): Promise<unknown[]> {
  return db.call('requeue_lost_tasks', [await db.make.leaderToken(), 1_000]);
}

it('starts when the database comes, and not before', async () => {
  wire.cut();
  const starting = executor([workflow('w').step('a', () => 1)], { databaseUrl: wire.url });
  await waitFor(() => eventsOf('loop_failed').length > 0, { until: 'the first try has failed' });
  wire.mend();
  const ex = await starting;
  expect(ex.stats.state).toBe('running');
  expect((await finished(await db.make.start('w'))).status).toBe('completed');
});

it('can be stopped while it waits for the database', async () => {
  wire.cut();
  const ex = createExecutor({ workflows: [workflow('w').step('a', () => 1)], databaseUrl: wire.url });
  const failed = gate();
  ex.onEvent(({ event }) => {
    if (event === 'loop_failed') failed.open();
  });
  const refusal = ex.start().catch((error: unknown) => error);
  await failed.promise;
  await ex.stop();
  expect(await refusal).toMatchObject({ code: 'database_unavailable' });
  expect(ex.stats.state).toBe('stopped');
});

it('claims again after every connection was ended by the server', async () => {
  const ex = await executor([workflow('w').step('a', () => 1)]);
  expect((await finished(await db.make.start('w'))).status).toBe('completed');
  await db.sql(
    `select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and application_name like '%executor%'`,
  );
  expect((await finished(await db.make.start('w'))).status).toBe('completed');
  await waitFor(() => ex.stats.healthy, { until: 'the executor is healthy' });
});

it('reports what it could not report: a handler that ended during the outage ran once', async () => {
  const calls: string[] = [];
  const running = gate();
  const release = gate<string>();
  const w = workflow('w')
    .step('a', async () => {
      calls.push('a');
      running.open();
      return release.promise;
    })
    .step('b', { dependsOn: ['a'] }, ({ a }) => `${a} b`);
  const ex = await executor([w], { databaseUrl: wire.url });
  const runId = await db.make.start('w');
  await running.promise;
  wire.cut();
  release.open('kept');
  await waitFor(() => ex.stats.unreported === 1 && eventsOf('reports_kept').length > 0, { until: 'the report could not be sent' });
  wire.mend();

  expect(await finished(runId)).toMatchObject({ status: 'completed', output: { b: 'kept b' } });
  expect(calls).toEqual(['a']);
  await waitFor(() => ex.stats.unreported === 0, { until: 'the last report was answered' });
  expect(ex.stats.outcomes.completed).toBe(2);
});

it('reports again what was stored although the answer was lost, and takes `already` for an answer', async () => {
  const running = gate();
  const release = gate();
  const w = workflow('w').step('a', async () => {
    running.open();
    await release.promise;
    return 'once';
  });
  const ex = await executor([w], { databaseUrl: wire.url });
  const runId = await db.make.start('w');
  await running.promise;
  wire.mute();
  release.open();
  expect(await finished(runId)).toMatchObject({ status: 'completed', output: { a: 'once' } });
  expect(ex.stats.unreported).toBe(1);
  wire.mend();
  await waitFor(() => ex.stats.unreported === 0, { until: 'the report has its verdict' });
  expect(ex.stats.outcomes).toMatchObject({ completed: 1, lost: 0 });
  expect(eventsOf('report_refused')).toEqual([]);
});

it('forgets a claim whose answer was lost; the task comes up again by itself', async () => {
  const ex = await executor([workflow('w').step('a', (_, ctx) => ctx.attempt)], { databaseUrl: wire.url, visibilityTimeoutMs: 5_000 });
  await db.clock.freeze(); // or a claim that waits would read its time before that of the run
  const blocker = await db.session();
  await blocker.begin();
  await blocker.sql('lock table workflow.workflow_workers in access exclusive mode'); // the next claim waits for it
  await waitFor(
    async () => (await db.sql(`select 1 from pg_stat_activity where wait_event_type = 'Lock' and query like '%start_tasks%'`)).length > 0,
    { until: 'a claim waits' },
  );
  const runId = await db.make.start('w');
  wire.mute();
  await blocker.rollback();
  await waitFor(async () => (await db.make.task(runId, 'a')).status === 'started', { until: 'the claim has taken the task' });
  expect(ex.stats.claimed).toBe(0);
  wire.mend();
  await waitFor(() => ex.stats.healthy, { until: 'the executor is healthy again' });

  await passTime(db, 5_001); // the claim is older than the visibility timeout, and no heartbeat names it
  await waitFor(async () => (await requeueLost(), (await finishedOrNot(runId)) === 'completed'), {
    until: 'the second attempt has completed',
  });
  expect((await db.make.run(runId)).output).toEqual({ a: 2 });
});

async function finishedOrNot(runId: string): Promise<string> {
  return (await db.make.run(runId)).status;
}

it('aborts what runs when no heartbeat was answered for the heartbeat timeout, and gives it back when the database returns', async () => {
  const reasons: unknown[] = [];
  const running = gate();
  const w = workflow('w').step('a', async (_, ctx) => {
    if (ctx.attempt > 1) return ctx.attempt;
    running.open();
    await new Promise<void>((resolve) => {
      ctx.signal.addEventListener('abort', () => {
        reasons.push(ctx.signal.reason);
        resolve();
      });
    });
    return 'too late';
  });
  const ex = await executor([w], { databaseUrl: wire.url, heartbeatTimeoutMs: 500 });
  const runId = await db.make.start('w');
  await running.promise;
  wire.cut();
  await waitFor(() => reasons.length > 0, { until: 'the signal has aborted' });
  expect(reasons).toMatchObject([{ reason: 'lease lost' }]);
  expect(eventsOf('heartbeat_late')).toHaveLength(1);
  expect(ex.stats.healthy).toBe(false);
  wire.mend();

  expect(await finished(runId)).toMatchObject({ status: 'completed', output: { a: 2 } });
  expect(await db.make.task(runId, 'a')).toMatchObject({ failures: 0 });
  await waitFor(() => ex.stats.healthy, { until: 'the executor is healthy again' });
});

it('comes back under another id when it was judged dead, and its late results change nothing', async () => {
  const reasons: unknown[] = [];
  const held: ((value: string) => void)[] = [];
  const w = workflow('w', { maxAttempts: 5 }).step('a', (_, ctx) => {
    if (ctx.attempt > 1) return `attempt ${ctx.attempt}`;
    ctx.signal.addEventListener('abort', () => reasons.push(ctx.signal.reason));
    return new Promise<string>((resolve) => held.push(resolve));
  });
  const ex = await executor([w], { databaseUrl: wire.url });
  const former = ex.stats.workerId;
  const runId = await db.make.start('w');
  await waitFor(() => held.length === 1, { until: 'the handler runs' });
  wire.cut();
  await db.clock.advance(60_000);
  expect(await requeueLost()).toMatchObject([{ reason: 'worker_lost', attempt: 1 }]);
  wire.mend();

  expect(await finished(runId)).toMatchObject({ status: 'completed', output: { a: 'attempt 2' } });
  expect(ex.stats.workerId).not.toBe(former);
  expect(reasons).toMatchObject([{ reason: 'lost' }]);
  held[0]!('late');
  await waitFor(() => ex.stats.abandoned === 0, { until: 'the late result was ignored' });
  expect(await db.make.run(runId)).toMatchObject({ output: { a: 'attempt 2' } });
  expect(events.filter(({ event }) => event === 'worker_registered')).toHaveLength(2);
});

it('claims no more while too many outcomes wait to be reported', async () => {
  const calls = new Set<string>();
  const w = workflow<number[]>('w').map('n', (_, ctx) => void calls.add(ctx.idempotencyKey));
  const ex = await executor([w], { databaseUrl: wire.url, concurrency: 4, batchSize: 4, flushSize: 4 });
  const blocker = await db.session();
  const runId = await db.make.start(
    'w',
    Array.from({ length: 200 }, (_, n) => n),
  );
  await blocker.begin();
  await blocker.sql('select 1 from workflow.workflow_runs where run_id = $1 for update', [runId]); // reports wait for it, claims do not
  await waitFor(() => ex.stats.unreported >= 8, { until: 'outcomes pile up' });
  const seen = calls.size;
  expect(seen).toBeLessThanOrEqual(16);
  await blocker.rollback();
  expect((await finished(runId)).status).toBe('completed');
  expect(calls.size).toBe(200);
});
