import { useTestDatabase, type Claimed } from '@singularity-workflow/testkit';

const db = useTestDatabase();

describe('complete_tasks', () => {
  it('completes task, step and run, and removes the message', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    expect(await worker.complete(await worker.claimOne(), { n: 1 })).toMatchObject({ ordinal: 1, verdict: 'accepted' });
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed', remaining_leaves: 0, output: { a: { n: 1 } } });
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

  it('ends a run once when its last two steps complete at the same moment', async () => {
    await db.make.define('w', 'a', 'b');
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
    await pending;
    expect(await db.make.run(runId)).toMatchObject({
      status: 'completed',
      remaining_leaves: 0,
      output: { [taskA!.step_slug]: 1, [taskB!.step_slug]: 2 },
    });
    expect(await db.call('open_run_counts')).toEqual(expect.arrayContaining([{ status: 'started', runs: 0 }]));
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
    for (const index of [2, 0, 1])
      await worker.complete(
        tasks.find(({ task_index }) => task_index === index)!,
        `o${index}`,
      );
    expect(await db.make.run(runId)).toMatchObject({ output: { m: ['o0', 'o1', 'o2'] } });
  });

  it('keeps values and positions of a map, nulls too', async () => {
    const values = [42, null, 'text', null, true];
    await db.make.define({
      slug: 'w',
      steps: [
        { slug: 'm', kind: 'map' },
        { slug: 'r', depends_on: ['m'] },
      ],
    });
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
    await db.make.define({
      slug: 'w',
      steps: [
        { slug: 'm', kind: 'map' },
        { slug: 'r', depends_on: ['m'] },
      ],
    });
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
    await db.make.define({
      slug: 'w',
      steps: [
        { slug: 'm', kind: 'map' },
        { slug: 'n', kind: 'map', over: 'm' },
      ],
    });
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
    expect(await db.make.run(runId)).toMatchObject({ remaining_leaves: 1 });
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
