// What follows from a task comes with the answer to its report: order, slots, and every way in which that answer can come late or not at all.
import { useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import { workflow, type ExecutorMetrics } from '../../src/index.js';
import { Wire } from './proxy.js';
import { gate, passTime, useExecutors } from './support.js';

const db = useTestDatabase();
const { executor, finished, eventsOf } = useExecutors(db);

let wire: Wire;
beforeEach(async () => {
  wire = await Wire.to(db.url('workflow_executor'));
});
afterEach(() => wire.close());

const statusesOf = async (runId: string, slug: string) =>
  (await db.make.tasks(runId, slug)).map(({ status, attempt, failures }) => ({ status, attempt, failures }));

/** How tasks came. */
function counted(): { seen: { claimed: number; handed: number[] }; metrics: ExecutorMetrics } {
  const seen = { claimed: 0, handed: [] as number[] };
  return { seen, metrics: { claimed: (tasks) => (seen.claimed += tasks), handedOver: (tasks) => void seen.handed.push(tasks) } };
}

/** a -> b -> c; what the handlers saw, and a gate for a. */
function chain(options: { a?: () => unknown; b?: (attempt: number) => unknown } = {}) {
  const calls: string[] = [];
  const w = workflow('w', { maxAttempts: 5, baseDelayMs: 1 })
    .step('a', async (_, ctx) => {
      calls.push(`a${ctx.attempt}`);
      await options.a?.();
      return 'a';
    })
    .step('b', { dependsOn: ['a'] }, async ({ a }, ctx) => {
      calls.push(`b${ctx.attempt}`);
      await options.b?.(ctx.attempt);
      return `${String(a)}b`;
    })
    .step('c', { dependsOn: ['b'] }, ({ b }, ctx) => {
      calls.push(`c${ctx.attempt}`);
      return `${String(b)}c`;
    });
  return { w, calls };
}

describe('a step that follows', () => {
  it('runs with the answer to the report, in order and without a claim', async () => {
    const { w, calls } = chain();
    const { seen, metrics } = counted();
    await executor([w], { metrics });
    expect(await finished(await db.make.start('w'))).toMatchObject({ status: 'completed', output: { c: 'abc' } });
    expect(calls).toEqual(['a1', 'b1', 'c1']);
    expect(seen).toEqual({ claimed: 1, handed: [1, 1] });
  });

  it('of a map comes with the report of its last task', async () => {
    const { seen, metrics } = counted();
    const w = workflow<number[]>('w')
      .map('n', (n) => n)
      .step('sum', { dependsOn: ['n'] }, ({ n }) => n.reduce((sum, each) => sum + each, 0));
    await executor([w], { metrics });
    expect(await finished(await db.make.start('w', [1, 2, 3]))).toMatchObject({ output: { sum: 6 } });
    expect(seen).toEqual({ claimed: 3, handed: [1] });
  });

  it('and of which there are more than slots were kept goes through the queue', async () => {
    const { seen, metrics } = counted();
    const w = workflow('w')
      .step('a', () => 1)
      .step('b', { dependsOn: ['a'] }, () => 1)
      .step('c', { dependsOn: ['a'] }, () => 1)
      .step('d', { dependsOn: ['b', 'c'] }, () => 1);
    await executor([w], { metrics });
    expect((await finished(await db.make.start('w'))).status).toBe('completed');
    expect(seen.claimed).toBe(2);
    expect(seen.handed).toEqual([1, 1]);
  });
});

describe('slots', () => {
  it('are never more than concurrency, with hundreds of chains at once', async () => {
    let now = 0;
    let most = 0;
    const busy = async <T>(value: T): Promise<T> => {
      now += 1;
      most = Math.max(most, now);
      await new Promise((resolve) => setImmediate(resolve));
      now -= 1;
      return value;
    };
    const w = workflow('w')
      .step('a', () => busy(1))
      .step('b', { dependsOn: ['a'] }, () => busy(2))
      .step('b2', { dependsOn: ['a'] }, () => busy(2))
      .step('c', { dependsOn: ['b', 'b2'] }, () => busy(3));
    const { seen, metrics } = counted();
    await executor([w], { concurrency: 7, batchSize: 5, flushSize: 3, metrics });
    const requests = Array.from({ length: 200 }, () => ({ tenant_id: 'acme', workflow: 'w', input: {} }));
    const runs = await db.make.startAll(requests);
    for (const { run_id } of runs) expect((await finished(run_id)).status).toBe('completed');
    expect(most).toBeGreaterThan(1);
    expect(most).toBeLessThanOrEqual(7);
    expect(seen.claimed + seen.handed.reduce((sum, tasks) => sum + tasks, 0)).toBe(800);
  });

  it.each([
    ['is kept until the verdict where a step follows', 'w', 2],
    ['is free at once where none does', 'leaf', 4],
  ])('each %s', async (_, slug, claimed) => {
    const leaf = workflow('leaf').step('a', () => 1);
    const ex = await executor([chain().w, leaf], { concurrency: 2, databaseUrl: wire.url });
    wire.hold(); // no report is answered from now on; a claim that waits may bring one task
    const blocker = await db.session();
    await blocker.begin();
    const runs = await Promise.all(Array.from({ length: 4 }, () => db.make.start(slug)));
    await blocker.sql('select 1 from workflow.workflow_runs where run_id = any ($1) for update', [runs]); // reports wait, claims do not
    wire.release();
    await waitFor(() => ex.stats.claimed === claimed && ex.stats.unreported === claimed, { until: 'what there are slots for was claimed' });
    await new Promise((resolve) => setTimeout(resolve, 60)); // three polls: nothing more is claimed
    expect(ex.stats).toMatchObject({ claimed, busy: 0 });
    await blocker.rollback();
    for (const run of runs) expect((await finished(run)).status).toBe('completed');
  });
});

it('is for as many steps as slots were kept, not for as many as were reported', async () => {
  const release = gate();
  const wait = (): Promise<void> => release.promise;
  const leaf = workflow('leaf').step('a', () => 1);
  const fork = workflow('fork')
    .step('a', () => 1)
    .step('b', { dependsOn: ['a'] }, wait)
    .step('c', { dependsOn: ['a'] }, wait);
  const other = workflow('other').step('a', wait);
  for (const { definition } of [leaf, fork, other]) await db.make.define(definition);
  const runs = [await db.make.start('leaf'), await db.make.start('fork'), await db.make.start('other')];
  const blocker = await db.session();
  await blocker.begin();
  await blocker.sql('select 1 from workflow.workflow_runs where run_id = any ($1) for update', [runs.slice(0, 2)]);
  const ex = await executor([leaf, fork, other], { concurrency: 2 });
  await waitFor(() => ex.stats.claimed === 3 && ex.stats.busy === 1, { until: 'the slot of the leaf has the third run' });
  await blocker.rollback();
  await waitFor(() => ex.stats.unreported === 0, { until: 'both reports were answered' });
  expect(ex.stats).toMatchObject({ claimed: 4, busy: 2 });
  release.open();
  for (const run of runs) expect((await finished(run)).status).toBe('completed');
});

describe('a drain', () => {
  /** b was handed over, and the answer is on its way. */
  async function handedOverOnItsWay(
    options: Parameters<typeof chain>[0] & { concurrency?: number; drainTimeoutMs?: number },
    held = 'complete_tasks',
  ) {
    const [running, release] = [gate(), gate()];
    const { w, calls } = chain({ ...options, a: () => (running.open(), release.promise) });
    const { concurrency, drainTimeoutMs } = options;
    const ex = await executor([w], {
      databaseUrl: wire.url,
      ...(concurrency && { concurrency }),
      ...(drainTimeoutMs && { drainTimeoutMs }),
    });
    const runId = await db.make.start('w');
    await running.promise;
    wire.hold(held);
    release.open();
    await waitFor(async () => (await db.make.task(runId, 'b')).status === 'started', { until: 'b was handed over' });
    return { ex, runId, calls };
  }

  it('lets what was handed over before it finish, and takes nothing more over', async () => {
    const { ex, runId, calls } = await handedOverOnItsWay({ b: () => new Promise((resolve) => setTimeout(resolve, 20)) });
    const stopping = ex.stop();
    await waitFor(() => eventsOf('worker_deprecated').length === 1, { until: 'the drain has begun' });
    await new Promise((resolve) => setTimeout(resolve, 50)); // and waits for the report
    wire.release();
    await stopping;
    expect(calls).toEqual(['a1', 'b1']);
    expect(await statusesOf(runId, 'b')).toEqual([{ status: 'completed', attempt: 1, failures: 0 }]);
    expect(await statusesOf(runId, 'c')).toEqual([{ status: 'queued', attempt: 0, failures: 0 }]);
  });

  it('that is hastened gives back what comes after, like a late claim', async () => {
    const { ex, runId, calls } = await handedOverOnItsWay({});
    const stopping = ex.stop({ hasten: true });
    await new Promise((resolve) => setImmediate(resolve));
    wire.release();
    await stopping;
    expect(calls).toEqual(['a1']);
    expect(await statusesOf(runId, 'b')).toEqual([{ status: 'queued', attempt: 1, failures: 0 }]);
    expect(ex.stats).toMatchObject({ state: 'stopped', busy: 0, unreported: 0 });
  });

  it('ends when what was handed over to it was withdrawn', async () => {
    const { ex, runId } = await handedOverOnItsWay({ b: () => new Promise(() => undefined), drainTimeoutMs: 600_000 });
    wire.release();
    await waitFor(() => ex.stats.busy === 1, { until: 'b runs' });
    const stopping = ex.stop();
    await waitFor(() => eventsOf('worker_deprecated').length === 1, { until: 'the drain has begun' });
    await db.call('cancel_runs', [[runId], 'enough']);
    await stopping; // long before the drain's time is over
    expect(ex.stats).toMatchObject({ state: 'stopped', busy: 0 });
  });

  it('of a worker that was judged dead meanwhile runs nothing of it twice, and leaks no slot', async () => {
    const { ex, runId } = await handedOverOnItsWay({ concurrency: 1 }, '');
    const former = ex.stats.workerId;
    await db.clock.advance(60_000);
    const lost = await db.call('requeue_lost_tasks', [await db.make.leaderToken(), 1_000]);
    expect(lost).toMatchObject([{ step_slug: 'b', attempt: 1, reason: 'worker_lost' }]);
    wire.release();
    expect(await finished(runId)).toMatchObject({ status: 'completed', output: { c: 'abc' } });
    expect(ex.stats.workerId).not.toBe(former);
    expect((await finished(await db.make.start('w'))).status).toBe('completed'); // the one slot is free
  });
});

it('frees a kept slot when the report is refused, because the worker was judged dead', async () => {
  const [running, release] = [gate(), gate()];
  const { w, calls } = chain({ a: () => (running.open(), release.promise) });
  const ex = await executor([w], { databaseUrl: wire.url, concurrency: 1 });
  const runId = await db.make.start('w');
  await running.promise;
  wire.cut();
  release.open();
  await waitFor(() => ex.stats.unreported === 1, { until: 'the report waits' });
  await db.clock.advance(60_000);
  await db.call('requeue_lost_tasks', [await db.make.leaderToken(), 1_000]);
  wire.mend();
  expect((await finished(runId)).status).toBe('completed');
  expect(calls).toEqual(['a1', 'a2', 'b1', 'c1']);
  expect(ex.stats.outcomes).toMatchObject({ lost: 1 });
});

it('of a report whose first answer was lost is a lost claim: the heartbeat finds it, and another attempt runs', async () => {
  const [running, release] = [gate(), gate()];
  const { w, calls } = chain({ a: () => (running.open(), release.promise) });
  const { seen, metrics } = counted();
  const ex = await executor([w], { databaseUrl: wire.url, visibilityTimeoutMs: 5_000, metrics });
  const runId = await db.make.start('w');
  await running.promise;
  wire.mute();
  release.open();
  await waitFor(async () => (await db.make.task(runId, 'b')).status === 'started', { until: 'b was handed over' });
  wire.mend();
  await waitFor(() => ex.stats.unreported === 0, { until: 'the report was answered again' });
  expect(seen.handed).toEqual([]);
  await waitFor(() => ex.stats.healthy, { until: 'the executor is healthy again' });
  await passTime(db, 5_001);
  expect(await db.call('requeue_lost_tasks', [await db.make.leaderToken(), 1_000])).toMatchObject([
    { step_slug: 'b', attempt: 1, reason: 'claim_lost' },
  ]);
  expect((await finished(runId)).output).toEqual({ c: 'abc' });
  expect(calls).toEqual(['a1', 'b2', 'c1']);
});

it('needs the leader token that a claim needs', async () => {
  const holder = crypto.randomUUID();
  const [lease] = await db.call<{ token: number }>('acquire_lease', ['orchestrator:leader', holder, 600_000]);
  let token = lease!.token;
  const [running, release] = [gate(), gate()];
  const { w, calls } = chain({ a: () => (running.open(), release.promise) });
  const { seen, metrics } = counted();
  const ex = await executor([w], { metrics, leaderToken: () => token });
  const runId = await db.make.start('w');
  await running.promise;
  token += 1; // as this process believes; the database knows better
  release.open();
  await waitFor(() => ex.stats.unreported === 0 && ex.stats.busy === 0, { until: 'a was reported' });
  expect(await statusesOf(runId, 'b')).toEqual([{ status: 'queued', attempt: 0, failures: 0 }]);
  expect(seen.handed).toEqual([]);

  token = lease!.token;
  expect((await finished(runId)).status).toBe('completed');
  expect(calls).toEqual(['a1', 'b1', 'c1']);
  expect(seen.handed).toEqual([1]);
});
