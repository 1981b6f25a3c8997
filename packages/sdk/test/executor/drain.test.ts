import { useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import { workflow } from '../../src/index.js';
import { Wire } from './proxy.js';
import { gate, useExecutors } from './support.js';

const db = useTestDatabase();
const { executor, finished, eventsOf } = useExecutors(db);

const tasksOf = async (runId: string, slug: string) =>
  (await db.make.tasks(runId, slug)).map(({ status, attempt, failures }) => ({ status, attempt, failures }));

it('says so first, claims no more, and lets what runs finish', async () => {
  const release = gate();
  const w = workflow<number[]>('w').map('n', async (n) => (await release.promise, n));
  const ex = await executor([w], { concurrency: 3 });
  const runId = await db.make.start('w', [0, 1, 2, 3, 4]);
  await waitFor(() => ex.stats.busy === 3, { until: 'three handlers run' });
  const stopping = ex.stop();
  await waitFor(async () => (await db.sql('select 1 from workflow.workflow_workers where deprecated_at is not null')).length === 1, {
    until: 'the worker is deprecated',
  });
  expect(ex.stats).toMatchObject({ state: 'draining', busy: 3 });
  release.open();
  await stopping;

  expect(ex.stats).toMatchObject({ state: 'stopped', busy: 0, unreported: 0, claimed: 3 });
  const tasks = await tasksOf(runId, 'n');
  expect(tasks.filter(({ status }) => status === 'completed')).toHaveLength(3);
  expect(tasks.filter(({ status }) => status === 'queued')).toHaveLength(2);
  expect(await db.sql('select stopped_at is not null as stopped from workflow.workflow_workers')).toEqual([{ stopped: true }]);
});

it('gives back what does not finish in time, without counting a failure, and another executor runs it', async () => {
  const reasons: unknown[] = [];
  const w = workflow<number[]>('w').map('n', (n, ctx) =>
    ctx.attempt > 1 ? n : new Promise<number>(() => ctx.signal.addEventListener('abort', () => reasons.push(ctx.signal.reason))),
  );
  const ex = await executor([w], { drainTimeoutMs: 50 });
  const runId = await db.make.start('w', [7, 8]);
  await waitFor(() => ex.stats.busy === 2, { until: 'the handlers run' });
  await ex.stop();

  expect(reasons).toMatchObject([{ reason: 'drain' }, { reason: 'drain' }]);
  expect(await tasksOf(runId, 'n')).toEqual(Array.from({ length: 2 }, () => ({ status: 'queued', attempt: 1, failures: 0 })));
  expect(eventsOf('tasks_released')).toMatchObject([{ tasks: 2, reason: 'drain' }]);

  await executor([w]);
  expect(await finished(runId)).toMatchObject({ status: 'completed', output: { n: [7, 8] } });
});

it('hastens at a second call', async () => {
  const w = workflow('w').step('a', (_, ctx) => (ctx.attempt > 1 ? 1 : new Promise<number>(() => undefined)));
  const ex = await executor([w], { drainTimeoutMs: 600_000 });
  const runId = await db.make.start('w');
  await waitFor(() => ex.stats.busy === 1, { until: 'the handler runs' });
  const stopping = ex.stop();
  await waitFor(() => eventsOf('worker_deprecated').length === 1, { until: 'the drain has begun' });
  void ex.stop();
  await stopping;
  expect(await tasksOf(runId, 'a')).toEqual([{ status: 'queued', attempt: 1, failures: 0 }]);
});

it('drains when somebody else deprecates the worker, and says when it is done', async () => {
  const w = workflow('w').step('a', () => 1);
  const ex = await executor([w]);
  await db.call('deprecate_worker', [ex.stats.workerId]);
  await ex.whenStopped();
  expect(ex.stats.state).toBe('stopped');
  expect(await db.sql('select stopped_at is not null as stopped from workflow.workflow_workers')).toEqual([{ stopped: true }]);
});

it('loses and repeats nothing with 50 tasks in flight', async () => {
  const calls = new Map<string, number>();
  const release = gate();
  const w = workflow<number[]>('w').map('n', async (n, ctx) => {
    calls.set(ctx.idempotencyKey, (calls.get(ctx.idempotencyKey) ?? 0) + 1);
    await release.promise;
    return n;
  });
  const first = await executor([w], { concurrency: 50 });
  const numbers = Array.from({ length: 200 }, (_, n) => n);
  const runId = await db.make.start('w', numbers);
  await waitFor(() => first.stats.busy === 50, { until: '50 handlers run' });
  const stopping = first.stop();
  await executor([w], { concurrency: 50 });
  release.open();
  await stopping;

  expect((await finished(runId)).output).toEqual({ n: numbers });
  expect([...calls.values()].every((count) => count === 1)).toBe(true);
  expect(calls.size).toBe(200);
});

it('ends although the database is away', async () => {
  const wire = await Wire.to(db.url('workflow_executor'));
  const w = workflow('w').step('a', () => new Promise(() => undefined));
  const ex = await executor([w], { databaseUrl: wire.url, drainTimeoutMs: 50 });
  await db.make.start('w');
  await waitFor(() => ex.stats.busy === 1, { until: 'the handler runs' });
  wire.cut();
  await ex.stop();
  expect(ex.stats.state).toBe('stopped');
  await wire.close();
});

it('is over at once when nothing was started', async () => {
  const ex = await executor([workflow('w').step('a', () => 1)]);
  await Promise.all([ex.stop(), ex.stop(), ex.stop({ hasten: true })]);
  expect(ex.stats.state).toBe('stopped');
});
