// What becomes ready is handed to the worker that completed what it waited for: in which cases, and with what.
import { assertLaws, useTestDatabase } from '@singularity-workflow/testkit';
import { able, begun, chain, find, join, slugs } from './begun.js';

const db = useTestDatabase();

afterEach(() => assertLaws(db));

describe('complete_tasks hands over', () => {
  it('the step that waited for what was completed, claimed already, with all that its handler needs', async () => {
    const { runId, worker, roots } = await begun(db, chain, {}, { input: { order: 7 }, deadline: '2999-01-01T00:00:00Z' });
    const { answers, handed } = await worker.completeAndTake([[roots[0]!, { n: 1 }]]);
    expect(answers).toMatchObject([{ ordinal: 1, verdict: 'accepted' }]);
    expect(handed).toMatchObject([
      {
        run_id: runId,
        step_slug: 'b',
        task_index: 0,
        attempt: 1,
        workflow: 'w',
        definition_id: roots[0]!.definition_id,
        tenant_id: 'acme',
        kind: 'step',
        input: { a: { n: 1 } },
        run_input: { order: 7 },
        timeout_ms: 60_000,
        deadline: new Date('2999-01-01T00:00:00Z'),
        wait_ms: 0,
      },
    ]);
    expect(await db.make.task(runId, 'b')).toMatchObject({ status: 'started', attempt: 1, worker_id: worker.id });
    expect(await db.make.messages()).toEqual([]);
    expect((await db.make.claims()).map(({ claim_id }) => claim_id)).toEqual(expect.arrayContaining([handed[0]!.claim_id]));
    expect(handed[0]!.claim_id).not.toBe(roots[0]!.claim_id);
  });

  it('one step after the other to the end of the run, which no queue sees', async () => {
    const { runId, worker, roots } = await begun(db, chain);
    const b = await worker.completeAndTake([[roots[0]!, 'a']]);
    const c = await worker.completeAndTake([[b.handed[0]!, 'b']]);
    expect(c.handed).toMatchObject([{ step_slug: 'c', input: { b: 'b' } }]);
    expect((await worker.completeAndTake([[c.handed[0]!, 'c']])).handed).toEqual([]);
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed', output: { c: 'c' } });
    expect(await db.make.messages()).toEqual([]);
  });

  it('a join after both of its dependencies completed in one batch, with the outputs of both', async () => {
    const { worker, roots } = await begun(db, join);
    const { handed } = await worker.completeAndTake(roots.map((task) => [task, `of ${task.step_slug}`]));
    expect(handed).toMatchObject([{ step_slug: 'j', input: { a: 'of a', b: 'of b' } }]);
  });

  it('a join with the second of its dependencies, not with the first', async () => {
    const { runId, worker, roots } = await begun(db, join);
    expect((await worker.completeAndTake([[find(roots, 'a'), 'of a']])).handed).toEqual([]);
    expect(await db.make.step(runId, 'j')).toMatchObject({ status: 'created', remaining_deps: 1 });
    const { handed } = await worker.completeAndTake([[find(roots, 'b'), 'of b']]);
    expect(handed).toMatchObject([{ step_slug: 'j', input: { a: 'of a', b: 'of b' } }]);
  });

  it('a join whose other dependency was skipped, without its key', async () => {
    const { worker, roots } = await begun(db, [
      { slug: 'a', when_exhausted: 'skip' },
      { slug: 'b' },
      { slug: 'j', depends_on: ['a', 'b'] },
    ]);
    await worker.fail(find(roots, 'a'), { retryable: false });
    const { handed } = await worker.completeAndTake([[find(roots, 'b'), 'of b']]);
    expect(handed).toMatchObject([{ step_slug: 'j', input: { b: 'of b' } }]);
  });

  it('the step after a map, with its outputs in order', async () => {
    const { worker, roots } = await begun(
      db,
      [
        { slug: 'm', kind: 'map' },
        { slug: 'r', depends_on: ['m'] },
      ],
      {},
      { input: [1, 2, 3] },
    );
    const { handed } = await worker.completeAndTake(roots.toReversed().map((task) => [task, (task.input as number) * 10]));
    expect(handed).toMatchObject([{ step_slug: 'r', kind: 'step', input: { m: [10, 20, 30] } }]);
  });

  it('the step after a chain of empty maps, in the same call', async () => {
    const { worker, roots } = await begun(db, [
      { slug: 'a' },
      { slug: 'm', kind: 'map', over: 'a' },
      { slug: 'n', kind: 'map', over: 'm' },
      { slug: 'z', depends_on: ['n'] },
    ]);
    expect((await worker.completeAndTake([[roots[0]!, []]])).handed).toMatchObject([{ step_slug: 'z', input: { n: [] } }]);
  });

  it('steps of several runs in one claim', async () => {
    await db.make.define({ slug: 'w', steps: chain });
    const runIds = [await db.make.start('w'), await db.make.start('w'), await db.make.start('w')];
    const worker = await db.make.worker({ runnableSteps: able(chain) });
    const { handed } = await worker.completeAndTake((await worker.claim()).map((task) => [task, task.run_id]));
    expect(Object.fromEntries(handed.map(({ run_id, input }) => [run_id, input]))).toEqual(
      Object.fromEntries(runIds.map((runId) => [runId, { a: runId }])),
    );
    expect(new Set(handed.map(({ claim_id }) => claim_id)).size).toBe(1);
  });

  it('as the next attempt where the run was retried', async () => {
    const { runId, worker, roots } = await begun(db, chain);
    const first = await worker.completeAndTake([[roots[0]!, 'first']]);
    await worker.fail(first.handed[0]!, { retryable: false });
    await db.call('retry_run', [runId, 'start']);
    const [again] = await worker.claim();
    const { handed } = await worker.completeAndTake([[again!, 'second']]);
    expect(handed).toMatchObject([{ step_slug: 'b', attempt: 2, input: { a: 'second' } }]);
    expect(await db.make.task(runId, 'b')).toMatchObject({ status: 'started', attempt: 2, failures: 0, output: null, error: null });
    expect(await worker.complete(first.handed[0]!, 'of the first attempt')).toMatchObject({ verdict: 'already' }); // as a failure
    expect((await worker.completeAndTake([[handed[0]!, 'b']])).answers).toMatchObject([{ verdict: 'accepted' }]);
  });

  it('nothing for a report that is not accepted', async () => {
    const { worker, roots } = await begun(db, chain);
    const first = await worker.completeAndTake([[roots[0]!, 1]]);
    const { answers, handed } = await worker.completeAndTake([[roots[0]!, 1]]);
    expect(answers).toMatchObject([{ verdict: 'already' }]);
    expect([first.handed.length, handed.length]).toEqual([1, 0]);
  });
});

describe('complete_tasks hands over nothing of a run that fails in the same call', () => {
  it('by an output that is too large', async () => {
    await db.call('set_limit', ['task_output_bytes_max', 100]);
    const { runId, worker, roots } = await begun(db, [{ slug: 'a' }, { slug: 'x' }, { slug: 'b', depends_on: ['a'] }]);
    const { answers, handed } = await worker.completeAndTake(roots.map((task) => [task, task.step_slug === 'x' ? 'y'.repeat(200) : 1]));
    expect(answers.map(({ verdict }) => verdict)).toEqual(['accepted', 'accepted']);
    expect(handed).toEqual([]);
    expect(await db.make.run(runId)).toMatchObject({ status: 'failed' });
    expect(await db.make.task(runId, 'b')).toMatchObject({ status: 'cancelled' });
    expect((await db.make.claims()).flatMap(({ tasks }) => slugs(tasks))).not.toContain('b');
  });

  it('by outputs that are too large together', async () => {
    await db.call('set_limit', ['gathered_bytes_max', 100]);
    const { runId, worker, roots } = await begun(
      db,
      [{ slug: 'a' }, { slug: 'm', kind: 'map' }, { slug: 'b', depends_on: ['a'] }],
      {},
      { input: [1, 2, 3] },
    );
    expect((await worker.completeAndTake(roots.map((task) => [task, 'y'.repeat(50)]))).handed).toEqual([]);
    expect(await db.make.run(runId)).toMatchObject({ status: 'failed', error: { code: 'output_too_large' } });
  });

  it('by a map whose source is no array', async () => {
    const { runId, worker, roots } = await begun(db, [
      { slug: 'a' },
      { slug: 'b', depends_on: ['a'] },
      { slug: 'm', kind: 'map', over: 'a' },
    ]);
    expect((await worker.completeAndTake([[roots[0]!, 'no array']])).handed).toEqual([]);
    expect(await db.make.run(runId)).toMatchObject({ status: 'failed', error: { code: 'type_violation' } });
    expect(await db.make.task(runId, 'b')).toMatchObject({ status: 'cancelled' });
    expect((await db.make.claims()).flatMap(({ tasks }) => slugs(tasks))).toEqual(['a']);
  });

  it('but what became ready in another run of the batch', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }, { slug: 'm', kind: 'map', over: 'a' }] });
    const [failing, going] = [await db.make.start('w', 'failing'), await db.make.start('w', 'going')];
    const worker = await db.make.worker({ runnableSteps: [['w', 'b']] });
    const { handed } = await worker.completeAndTake(
      (await worker.claim()).map((task) => [task, task.run_id === failing ? 'no array' : []]),
    );
    expect(handed).toMatchObject([{ run_id: going, step_slug: 'b' }]);
  });
});

describe('two workers that complete the dependencies of one join at the same moment', () => {
  it('hand it to the later one, once', async () => {
    const { runId, worker: left, roots } = await begun(db, join);
    const right = await db.make.worker({ runnableSteps: able(join) });
    await left.release(find(roots, 'b'));
    const taskB = await right.claimOne();
    const [first, second] = [await db.session(), await db.session()];
    await first.begin();
    const before = await left.using(first).completeAndTake([[find(roots, 'a'), 'of a']]);
    const pending = second.start(() => right.using(second).completeAndTake([[taskB, 'of b']]));
    await second.waitUntilBlocked();
    await first.commit();
    const after = await pending;
    expect([before.handed, after.handed]).toMatchObject([[], [{ step_slug: 'j', input: { a: 'of a', b: 'of b' } }]]);
    expect(await db.make.task(runId, 'j')).toMatchObject({ status: 'started', attempt: 1, worker_id: right.id });
    expect(await db.make.messages()).toEqual([]);
  });

  it('leave it to the queue where the later one cannot run it', async () => {
    const { worker: left, roots } = await begun(db, join);
    const right = await db.make.worker({ runnableSteps: [['w', 'b']] });
    await left.release(find(roots, 'b'));
    const taskB = await right.claimOne();
    await left.completeAndTake([[find(roots, 'a'), 1]]);
    expect((await right.completeAndTake([[taskB, 2]])).handed).toEqual([]);
    expect(await left.claim()).toMatchObject([{ step_slug: 'j' }]);
  });

  it('hand over each join of 40 once, whoever is the later one', async () => {
    await db.make.define({ slug: 'w', steps: join });
    await db.make.startAll(Array.from({ length: 40 }, () => ({ tenant_id: 'acme', workflow: 'w' })));
    const workers = await Promise.all(
      [1, 2, 3, 4].map(async () => (await db.make.worker({ runnableSteps: able(join) })).using(await db.session())),
    );
    const held = await Promise.all(workers.map((worker) => worker.claim({ capacity: 20 })));
    const answers = await Promise.all(workers.map((worker, i) => worker.completeAndTake(held[i]!.map((task) => [task, task.step_slug]))));
    const handed = answers.flatMap((answer) => answer.handed);
    expect(new Set(handed.map(({ run_id }) => run_id)).size).toBe(40);
    expect(handed.map(({ step_slug, attempt, input }) => [step_slug, attempt, input])).toEqual(
      Array(40).fill(['j', 1, { a: 'a', b: 'b' }]),
    );
    expect(await db.make.messages()).toEqual([]);
  });
});
