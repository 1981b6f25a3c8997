import { randomUUID } from 'node:crypto';
import { json, useTestDatabase, type Claimed } from '@singularity-workflow/testkit';

const db = useTestDatabase();

async function snapshotOf(runId: string): Promise<unknown> {
  return [await db.make.run(runId), await db.make.steps(runId), await db.make.tasks(runId), await db.make.messages()];
}

describe('complete_tasks', () => {
  it('completes task, step and run, and removes the message', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    expect(await worker.complete(await worker.claimOne(), { n: 1 })).toMatchObject({ ordinal: 1, verdict: 'accepted' });
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed', remaining_steps: 0, output: { a: { n: 1 } } });
    expect(await db.make.step(runId, 'a')).toMatchObject({ status: 'completed', remaining_tasks: 0 });
    expect(await db.make.task(runId, 'a')).toMatchObject({ status: 'completed', output: { n: 1 }, worker_id: worker.id });
    expect(await db.make.messages()).toEqual([]);
  });

  it('starts a dependent when its last dependency completes, not before', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b' }, { slug: 'j', depends_on: ['a', 'b'] }] });
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    const [first, second] = await worker.claim();
    await worker.complete(first!);
    expect(await worker.claim()).toEqual([]);
    expect(await db.make.tasks(runId, 'j')).toEqual([]);
    expect(await db.make.step(runId, 'j')).toMatchObject({ status: 'created', remaining_deps: 1 });
    await worker.complete(second!);
    expect((await worker.claimOne()).step_slug).toBe('j');
  });

  it('says which queues got work', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'], queue: 'fed' }] });
    await db.make.start('w');
    const worker = await db.make.worker();
    const answer = await worker.complete(await worker.claimOne());
    expect(answer.queues).toEqual(['fed']);
  });

  it('starts a join once when two workers complete its two dependencies at the same moment', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b' }, { slug: 'j', depends_on: ['a', 'b'] }] });
    const runId = await db.make.start('w');
    const [left, right] = [await db.make.worker(), await db.make.worker()];
    const [taskA] = await left.claim({ capacity: 1 });
    const [taskB] = await right.claim({ capacity: 1 });
    const [first, second] = [await db.session(), await db.session()];
    await first.begin();
    await left.using(first).complete(taskA!, 1);
    const pending = second.start(() => right.using(second).complete(taskB!, 2));
    await second.waitUntilBlocked();
    await first.commit();
    expect(await pending).toMatchObject({ verdict: 'accepted' });
    expect(await db.make.tasks(runId, 'j')).toHaveLength(1);
    expect(await db.make.messages('default', runId)).toHaveLength(1);
    expect(await left.claim()).toHaveLength(1);
  });

  it('starts a join once when its two dependencies complete in one batch', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b' }, { slug: 'j', depends_on: ['a', 'b'] }] });
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    await worker.completeAll((await worker.claim()).map((task) => [task, task.step_slug]));
    expect(await db.make.messages('default', runId)).toHaveLength(1);
    expect((await worker.claimOne()).input).toEqual({ a: 'a', b: 'b' });
  });

  it('keeps the order of a map whatever the order of completion', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'm', kind: 'map' }] });
    const runId = await db.make.start('w', [0, 1, 2]);
    const worker = await db.make.worker();
    const tasks = await worker.claim();
    for (const index of [2, 0, 1]) await worker.complete(tasks.find(({ task_index }) => task_index === index)!, `o${index}`);
    expect(await db.make.run(runId)).toMatchObject({ output: { m: ['o0', 'o1', 'o2'] } });
  });

  it('keeps values and positions of a map, nulls too', async () => {
    const values = [42, null, 'text', null, true];
    await db.make.define({ slug: 'w', steps: [{ slug: 'm', kind: 'map' }, { slug: 'r', depends_on: ['m'] }] });
    await db.make.start('w', values);
    const worker = await db.make.worker();
    await worker.completeAll((await worker.claim()).map((task) => [task, task.input]));
    expect((await worker.claimOne()).input).toEqual({ m: values });
  });

  it('keeps positions beyond ten: index 10 comes after 9, not after 1', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'm', kind: 'map' }] });
    const values = Array.from({ length: 25 }, (_, i) => i);
    const runId = await db.make.start('w', values);
    const worker = await db.make.worker();
    await worker.completeAll((await worker.claim()).toReversed().map((task) => [task, task.input]));
    expect((await db.make.run(runId)).output).toEqual({ m: values });
  });

  it('gives the reducer no task at 3 of 5 and exactly one at 5', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'm', kind: 'map' }, { slug: 'r', depends_on: ['m'] }] });
    const runId = await db.make.start('w', [0, 1, 2, 3, 4]);
    const worker = await db.make.worker();
    const tasks = await worker.claim();
    await worker.completeAll(tasks.slice(0, 3).map((task) => [task, 1]));
    expect(await db.make.tasks(runId, 'r')).toEqual([]);
    expect(await db.make.step(runId, 'm')).toMatchObject({ status: 'started', remaining_tasks: 2 });
    await worker.completeAll(tasks.slice(3).map((task) => [task, 1]));
    expect(await db.make.tasks(runId, 'r')).toHaveLength(1);
  });

  it('starts each task of a map over a map with the element of its own index', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'm', kind: 'map' }, { slug: 'n', kind: 'map', over: 'm' }] });
    const runId = await db.make.start('w', [1, 2, 3]);
    const worker = await db.make.worker();
    await worker.completeAll((await worker.claim()).map((task) => [task, (task.input as number) * 10]));
    const second = await worker.claim();
    await worker.completeAll(second.map((task) => [task, (task.input as number) + 1]));
    expect((await db.make.run(runId)).output).toEqual({ n: [11, 21, 31] });
  });

  it('outputs the leaves only, by name', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }, { slug: 'c', depends_on: ['a'] }] });
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    await worker.complete(await worker.claimOne(), 'hidden');
    await worker.completeAll((await worker.claim()).map((task) => [task, task.step_slug]));
    expect((await db.make.run(runId)).output).toEqual({ b: 'b', c: 'c' });
  });

  it('completes an empty map at once with [], down any length of chain, in the same call', async () => {
    const chain = Array.from({ length: 20 }, (_, i) => ({ slug: `m${i}`, kind: 'map' as const, over: i === 0 ? 'a' : `m${i - 1}` }));
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, ...chain, { slug: 'last', depends_on: ['m19'] }] });
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    await worker.complete(await worker.claimOne(), []);
    expect(await db.make.step(runId, 'm19')).toMatchObject({ status: 'completed', initial_tasks: 0, remaining_tasks: 0 });
    expect((await worker.claimOne()).input).toEqual({ m19: [] });
    expect(await db.make.run(runId)).toMatchObject({ remaining_steps: 1 });
  });

  it('ends the run in the same call when an empty map was all that was left', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'm', kind: 'map', over: 'a' }] });
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    await worker.complete(await worker.claimOne(), []);
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed', output: { m: [] } });
  });

  it.each([
    ['an object', { a: 1 }],
    ['a string', 'text'],
    ['null', null],
    ['a number', 5],
  ])('fails a map step and its run with type_violation when the source is %s; the source stays completed', async (_, output) => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'm', kind: 'map', over: 'a' }, { slug: 'z', depends_on: ['m'] }] });
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    expect(await worker.complete(await worker.claimOne(), output)).toMatchObject({ verdict: 'accepted' });
    expect(await db.make.run(runId)).toMatchObject({ status: 'failed', error: { code: 'type_violation' } });
    expect(await db.make.step(runId, 'm')).toMatchObject({ status: 'failed', error: { code: 'type_violation' } });
    expect(await db.make.step(runId, 'a')).toMatchObject({ status: 'completed' });
    expect(await db.make.step(runId, 'z')).toMatchObject({ status: 'cancelled' });
    expect(await db.make.task(runId, 'a')).toMatchObject({ status: 'completed', output });
  });

  it('fails a map step whose path leads nowhere with type_violation', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'm', kind: 'map', over: 'a.x.y' }] });
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    await worker.complete(await worker.claimOne(), { x: { z: [] } });
    expect(await db.make.run(runId)).toMatchObject({ status: 'failed', error: { code: 'type_violation' } });
  });

  it('fails a map step of more elements than the bound by name', async () => {
    await db.call('set_limit', ['map_elements_max', 10]);
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'm', kind: 'map', over: 'a' }] });
    const [fits, exceeds] = [await db.make.start('w'), await db.make.start('w')];
    const worker = await db.make.worker();
    for (const task of await worker.claim()) await worker.complete(task, Array(task.run_id === fits ? 10 : 11).fill(0));
    expect(await db.make.step(fits, 'm')).toMatchObject({ status: 'started', initial_tasks: 10 });
    expect(await db.make.run(exceeds)).toMatchObject({ status: 'failed', error: { code: 'map_too_large' } });
  });

  it('withdraws the siblings of a source that fails its map', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b' }, { slug: 'm', kind: 'map', over: 'a' }] });
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    const [task] = (await worker.claim({ capacity: 1 })) as [Claimed];
    const taskOfA = task.step_slug === 'a' ? task : (await worker.claim({ capacity: 1 }))[0]!;
    await worker.complete(taskOfA, 'no array');
    expect(await worker.claim()).toEqual([]);
    expect(await db.make.messages('default', runId)).toEqual([]);
    expect(await db.make.step(runId, 'b')).toMatchObject({ status: 'cancelled' });
  });
});

describe('complete_tasks bounds outputs:', () => {
  it('an output over the bound fails the run with output_too_large, and is not retried', async () => {
    await db.call('set_limit', ['task_output_bytes_max', 100]);
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    expect(await worker.complete(await worker.claimOne(), 'x'.repeat(200))).toMatchObject({ verdict: 'accepted' });
    expect(await db.make.run(runId)).toMatchObject({ status: 'failed', error: { code: 'output_too_large' } });
    expect(await db.make.messages()).toEqual([]);
  });

  it('an output of exactly the bound passes', async () => {
    await db.call('set_limit', ['task_output_bytes_max', 100]);
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    await worker.complete(await worker.claimOne(), 'x'.repeat(98));
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed' });
  });

  it('a map whose outputs together exceed the bound fails by name', async () => {
    await db.call('set_limit', ['gathered_bytes_max', 100]);
    await db.make.define({ slug: 'w', steps: [{ slug: 'm', kind: 'map' }, { slug: 'r', depends_on: ['m'] }] });
    const runId = await db.make.start('w', [1, 2, 3]);
    const worker = await db.make.worker();
    for (const task of await worker.claim()) await worker.complete(task, 'x'.repeat(50));
    expect(await db.make.run(runId)).toMatchObject({ status: 'failed', error: { code: 'output_too_large' } });
    expect(await db.make.messages()).toEqual([]);
  });

  it('a run whose leaves together exceed the bound fails by name', async () => {
    await db.call('set_limit', ['gathered_bytes_max', 100]);
    await db.make.define('w', 'a', 'b', 'c');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    await worker.completeAll((await worker.claim()).map((task) => [task, 'x'.repeat(50)]));
    expect(await db.make.run(runId)).toMatchObject({ status: 'failed', error: { code: 'output_too_large' } });
  });

  it('a batch over the bound is refused whole', async () => {
    const worker = await db.make.worker();
    const element = { run_id: randomUUID(), step_slug: 'a', task_index: 0, attempt: 1, message_id: 1, queue: 'default_p1', output: 1 };
    await expect(db.call('complete_tasks', [worker.id, json(Array(1_001).fill(element))])).rejects.toMatchObject({ code: 'WF002' });
  });

  it('a batch that is no array is refused', async () => {
    const worker = await db.make.worker();
    await expect(db.call('complete_tasks', [worker.id, json({ run_id: 'x' })])).rejects.toMatchObject({ code: 'WF001' });
  });

  it('an empty batch answers nothing', async () => {
    const worker = await db.make.worker();
    expect(await worker.completeAll([])).toEqual([]);
  });
});

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
    expect(await db.make.run(runId)).toMatchObject({ remaining_steps: 1 });
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

  it('a message id that belongs to another task does not remove that message', async () => {
    await db.make.define('w', 'a', 'b');
    await db.make.start('w');
    const worker = await db.make.worker();
    const [task] = await worker.claim({ capacity: 1 });
    const waiting = (await db.make.messages()).find(({ read_ct }) => read_ct === 0)!;
    await worker.complete({ ...task!, message_id: waiting.msg_id }, 1);
    expect(await worker.claim()).toHaveLength(1);
  });

  it('a wrong message id leaves no message behind that could be delivered', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'], start_delay_ms: 3_600_000 }] });
    await db.make.start('w');
    const worker = await db.make.worker({ heartbeatTimeoutMs: 3_600_000 });
    const task = await worker.claimOne();
    await worker.complete({ ...task, message_id: 1 }, 1);
    await db.clock.advance(600_000);
    await db.call('requeue_lost_tasks', [await db.make.leaderToken(), 100]);
    await db.clock.advance(120_000);
    expect(await worker.claim()).toEqual([]);
    expect((await db.make.messages()).filter(({ message }) => message['step_slug'] === 'a')).toEqual([]);
  });

  it('a queue name that does not exist is no way into another table', async () => {
    await db.make.define('w', 'a');
    await db.make.start('w');
    const worker = await db.make.worker();
    const task = await worker.claimOne();
    const answer = await worker.complete({ ...task, queue: 'default_p1 where true; --' }, 1);
    expect(answer).toMatchObject({ verdict: 'accepted' });
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
