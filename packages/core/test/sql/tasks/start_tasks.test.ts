import { randomUUID } from 'node:crypto';
import { useTestDatabase, type Claimed } from '@singularity-workflow/testkit';

const db = useTestDatabase();
const namesOf = (tasks: readonly Claimed[]) => tasks.map(({ step_slug, task_index }) => `${step_slug}[${task_index}]`).toSorted();

describe('start_tasks', () => {
  it('gives everything that the handler of a root step needs in one answer', async () => {
    const { definition_id } = await db.make.define({ slug: 'w', timeout_ms: 1_234, steps: [{ slug: 'a' }] });
    const runId = await db.make.start('w', { order: 7 }, { deadline: '2999-01-01T00:00:00Z' });
    const task = await (await db.make.worker()).claimOne();
    expect(task).toMatchObject({
      run_id: runId,
      step_slug: 'a',
      task_index: 0,
      attempt: 1,
      workflow: 'w',
      definition_id,
      tenant_id: 'acme',
      kind: 'root',
      input: null,
      run_input: { order: 7 },
      timeout_ms: 1_234,
      deadline: new Date('2999-01-01T00:00:00Z'),
    });
    expect((await db.make.claims()).map(({ claim_id }) => claim_id)).toEqual([task.claim_id]);
    expect(task.wait_ms).toBeGreaterThanOrEqual(0);
  });

  it('says how long a task waited from the moment on that it could be claimed', async () => {
    await db.clock.freeze();
    await db.make.define({ slug: 'w', steps: [{ slug: 'a', start_delay_ms: 60_000 }] });
    await db.make.start('w');
    await db.clock.advance(60_500);
    const worker = await db.make.worker();
    expect((await worker.claimOne()).wait_ms).toBe(500);
  });

  it('records the holder, the attempt and the start', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    await worker.claimOne();
    expect(await db.make.task(runId, 'a')).toMatchObject({ status: 'started', worker_id: worker.id, attempt: 1, failures: 0 });
    expect((await db.make.task(runId, 'a'))['started_at']).toBeInstanceOf(Date);
  });

  it('gives a join exactly the outputs of its dependencies', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b' }, { slug: 'j', depends_on: ['a', 'b'] }] });
    await db.make.start('w', { not: 'this' });
    const worker = await db.make.worker();
    const outputs: Record<string, unknown> = { a: [1, { x: null }], b: 'text' };
    for (const task of await worker.claim()) await worker.complete(task, outputs[task.step_slug]);
    const join = await worker.claimOne();
    expect(join).toMatchObject({ step_slug: 'j', kind: 'step', run_input: { not: 'this' } });
    expect(join.input).toEqual(outputs);
  });

  it('gives a join a null output as null, not as nothing', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'j', depends_on: ['a'] }] });
    await db.make.start('w');
    const worker = await db.make.worker();
    await worker.complete(await worker.claimOne(), null);
    expect((await worker.claimOne()).input).toEqual({ a: null });
  });

  it('gives a map task exactly its element', async () => {
    const elements = [42, null, 'text', [null, [1]], { deep: { er: true } }, 0.1, false, ''];
    await db.make.define({ slug: 'w', steps: [{ slug: 'm', kind: 'map' }] });
    await db.make.start('w', elements);
    const tasks = await (await db.make.worker()).claim();
    expect(tasks.map(({ kind }) => kind)).toEqual(elements.map(() => 'map'));
    expect(tasks.toSorted((a, b) => a.task_index - b.task_index).map(({ input }) => input)).toEqual(elements);
  });

  it('gives a map over a path of keys the elements found there', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'm', kind: 'map', over: 'a.order.parcels' }] });
    await db.make.start('w');
    const worker = await db.make.worker();
    await worker.complete(await worker.claimOne(), { order: { parcels: ['x', 'y'] }, parcels: ['no'] });
    expect((await worker.claim()).map(({ input }) => String(input)).toSorted()).toEqual(['x', 'y']);
  });

  it('does not mind numbers of many digits inside an element', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'm', kind: 'map' }] });
    await db.call('start_runs', ['[{"tenant_id":"acme","workflow":"w","input":[12345678901234567890.5]}]']);
    const worker = await db.make.worker();
    const [task] = await db.sql<{ input: string }>(`select input::text from workflow.start_tasks($1, '{default}', 1)`, [worker.id]);
    expect(task!.input).toBe('12345678901234567890.5');
  });

  it('takes no more than its capacity', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'm', kind: 'map' }] });
    await db.make.start('w', [1, 2, 3, 4, 5]);
    const worker = await db.make.worker();
    const first = await worker.claim({ capacity: 2 });
    const rest = await worker.claim({ capacity: 10 });
    expect([first.length, rest.length]).toEqual([2, 3]);
    expect(new Set([...namesOf(first), ...namesOf(rest)]).size).toBe(5);
  });

  it('takes nothing with no capacity', async () => {
    await db.make.define('w', 'a');
    await db.make.start('w');
    expect(await (await db.make.worker()).claim({ capacity: 0 })).toEqual([]);
  });

  it('takes from the queues that it is asked for only', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', queue: 'other_queue' }] });
    await db.make.start('w');
    const worker = await db.make.worker({ queues: ['default', 'other_queue'] });
    expect(namesOf(await worker.claim({ queues: ['other_queue'] }))).toEqual(['b[0]']);
    expect(namesOf(await worker.claim({ queues: ['default', 'other_queue'] }))).toEqual(['a[0]']);
  });

  it('takes high before normal before low', async () => {
    await db.make.define('w', 'a');
    for (const priority of ['low', 'normal', 'high'] as const) await db.make.start('w', priority, { priority });
    const worker = await db.make.worker();
    const order = [];
    for (let i = 0; i < 3; i += 1) order.push((await worker.claim({ capacity: 1 }))[0]!.run_input);
    expect(order).toEqual(['high', 'normal', 'low']);
  });

  it('is not starved of a queue by another that it also reads', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', queue: 'second_queue' }] });
    for (let i = 0; i < 5; i += 1) await db.make.start('w');
    const worker = await db.make.worker();
    expect(await worker.claim({ queues: ['default', 'second_queue'], capacity: 10 })).toHaveLength(10);
  });

  it('ignores a queue that does not exist', async () => {
    await db.make.define('w', 'a');
    await db.make.start('w');
    expect(await (await db.make.worker()).claim({ queues: ['never_made', 'default'] })).toHaveLength(1);
  });

  it('takes each task once where a queue is named twice', async () => {
    await db.make.define('w', 'a');
    await db.make.start('w');
    expect(await (await db.make.worker()).claim({ queues: ['default', 'default'] })).toHaveLength(1);
  });

  it('refuses a worker that was never registered', async () => {
    await expect(db.call('start_tasks', [randomUUID(), ['default'], 1, null])).rejects.toMatchObject({ code: 'WF301' });
  });

  it('refuses a worker that was judged dead', async () => {
    const worker = await db.make.worker({ heartbeatTimeoutMs: 6_000 });
    await db.clock.advance(6_001);
    await db.call('requeue_lost_tasks', [await db.make.leaderToken(), 100]);
    await expect(worker.claim()).rejects.toMatchObject({ code: 'WF301' });
  });

  it('does not give a task to a worker that is silent past its timeout and would lose it at once', async () => {
    const worker = await db.make.worker({ heartbeatTimeoutMs: 6_000 });
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    await db.clock.advance(6_001);
    expect(await worker.claim()).toEqual([]);
    await db.call('requeue_lost_tasks', [await db.make.leaderToken(), 100]);
    expect(await db.make.task(runId, 'a')).toMatchObject({ status: 'queued', failures: 0 });
  });

  it('gives a delayed root its task at once and delivers it after the delay; its sibling is delivered now', async () => {
    await db.clock.freeze();
    await db.make.define({ slug: 'w', steps: [{ slug: 'now' }, { slug: 'later', start_delay_ms: 60_000 }] });
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    expect((await db.make.tasks(runId)).map(({ step_slug, status }) => [step_slug, status])).toEqual([
      ['later', 'queued'],
      ['now', 'queued'],
    ]);
    expect(namesOf(await worker.claim())).toEqual(['now[0]']);
    await db.clock.advance(59_000);
    await worker.heartbeat();
    expect(await worker.claim()).toEqual([]);
    await db.clock.advance(1_001);
    expect(namesOf(await worker.claim())).toEqual(['later[0]']);
  });

  it('counts the delay of a dependent step from the moment on that it is ready', async () => {
    await db.clock.freeze();
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'], start_delay_ms: 60_000 }] });
    await db.make.start('w');
    const worker = await db.make.worker({ heartbeatTimeoutMs: 3_600_000 });
    const task = await worker.claimOne();
    await db.clock.advance(20_000);
    await worker.complete(task);
    await db.clock.advance(59_000);
    expect(await worker.claim()).toEqual([]);
    await db.clock.advance(1_001);
    expect(namesOf(await worker.claim())).toEqual(['b[0]']);
  });
});
