// What becomes ready and is not handed to the worker that completed what it waited for.
import { assertLaws, useTestDatabase } from '@singularity-workflow/testkit';
import { able, begun, chain, slugs } from './begun.js';

const db = useTestDatabase();
beforeEach(() => db.clock.freeze());
const waiting = async () => (await db.make.messages()).map(({ message }) => String(message['step_slug'])).toSorted();

afterEach(() => assertLaws(db));

describe('complete_tasks leaves to the queue', () => {
  it('everything where no capacity is given', async () => {
    const { worker, roots } = await begun(db, chain);
    const { answers, handed } = await worker.completeAndTake([[roots[0]!, 1]], { capacity: 0 });
    expect(handed).toEqual([]);
    expect(answers).toMatchObject([{ queues: ['default'] }]);
    expect(await waiting()).toEqual(['b']);
  });

  it.each([1, 2])('what is more than the capacity of %d, over all runs of the batch', async (capacity) => {
    await db.make.define({ slug: 'w', steps: chain });
    for (let i = 0; i < 3; i += 1) await db.make.start('w');
    const worker = await db.make.worker({ runnableSteps: able(chain) });
    const { handed } = await worker.completeAndTake(
      (await worker.claim()).map((task) => [task, 1]),
      { capacity },
    );
    expect(handed).toHaveLength(capacity);
    expect(await waiting()).toHaveLength(3 - capacity);
  });

  it('what is more than the capacity, though an empty map makes some of it ready later in the same call', async () => {
    const { worker, roots } = await begun(db, [
      { slug: 'a' },
      { slug: 'b', depends_on: ['a'] },
      { slug: 'm', kind: 'map', over: 'a' },
      { slug: 'c', depends_on: ['m'] },
    ]);
    expect(slugs((await worker.completeAndTake([[roots[0]!, []]], { capacity: 1 })).handed)).toEqual(['b']);
    expect(await waiting()).toEqual(['c']);
  });

  it('the tasks of a map', async () => {
    const { worker, roots } = await begun(db, [{ slug: 'a' }, { slug: 'm', kind: 'map', over: 'a' }, { slug: 'b', depends_on: ['a'] }]);
    expect(slugs((await worker.completeAndTake([[roots[0]!, [1, 2]]])).handed)).toEqual(['b']);
    expect(await waiting()).toEqual(['m', 'm']);
  });

  it('a step with a start delay', async () => {
    const { worker, roots } = await begun(db, [{ slug: 'a' }, { slug: 'b', depends_on: ['a'], start_delay_ms: 5_000 }]);
    expect((await worker.completeAndTake([[roots[0]!, 1]])).handed).toEqual([]);
    expect(await worker.claim()).toEqual([]);
    await db.clock.advance(5_001);
    expect(await worker.claim()).toMatchObject([{ step_slug: 'b' }]);
  });

  it('nothing of a paused run, which gets it when it is resumed', async () => {
    const { runId, worker, roots } = await begun(db, chain);
    await db.call('pause_run', [runId]);
    const { answers, handed } = await worker.completeAndTake([[roots[0]!, 1]]);
    expect(answers).toMatchObject([{ verdict: 'accepted' }]);
    expect(handed).toEqual([]);
    expect(await db.make.task(runId, 'b')).toMatchObject({ status: 'queued', attempt: 0 });
    expect(await worker.claim()).toEqual([]);
    await db.call('resume_run', [runId]);
    expect(await worker.claim()).toMatchObject([{ step_slug: 'b', attempt: 1 }]);
  });

  it('what lies in a queue that the worker does not read', async () => {
    const { worker, roots } = await begun(
      db,
      [{ slug: 'a' }, { slug: 'b', depends_on: ['a'], queue: 'second' }, { slug: 'c', depends_on: ['a'] }],
      {
        queues: ['default'],
      },
    );
    const { answers, handed } = await worker.completeAndTake([[roots[0]!, 1]]);
    expect(slugs(handed)).toEqual(['c']);
    expect(answers).toMatchObject([{ queues: ['second'] }]);
  });

  it.each<[string, [string, string][]]>([
    ['nothing', []],
    [
      'other steps',
      [
        ['w', 'a'],
        ['w', 'c'],
      ],
    ],
    ['a step of that name in another workflow', [['v', 'b']]],
    [
      'a workflow and a step that only together read alike',
      [
        ['w.b', 'b'],
        ['w', 'b.b'],
      ],
    ],
  ])('what the worker has no handler for, when it can run %s', async (_, runnableSteps) => {
    const { worker, roots } = await begun(db, chain, { runnableSteps });
    expect((await worker.completeAndTake([[roots[0]!, 1]])).handed).toEqual([]);
    expect(await waiting()).toEqual(['b']);
  });

  it('everything of a worker that drains', async () => {
    const { worker, roots } = await begun(db, chain);
    await db.call('deprecate_worker', [worker.id]);
    const { answers, handed } = await worker.completeAndTake([[roots[0]!, 1]]);
    expect([answers[0]!.verdict, handed]).toEqual(['accepted', []]);
    expect(await waiting()).toEqual(['b']);
  });

  it('everything of a worker that was silent for too long, until it beats', async () => {
    const { worker, roots } = await begun(db, chain, { heartbeatTimeoutMs: 6_000 });
    await db.clock.advance(6_001);
    const silent = await worker.completeAndTake([[roots[0]!, 1]]);
    expect([silent.answers[0]!.verdict, silent.handed]).toEqual(['accepted', []]);
    await worker.heartbeat();
    expect((await worker.completeAndTake([[await worker.claimOne(), 1]])).handed).toMatchObject([{ step_slug: 'c' }]);
  });

  it('everything of a worker that stopped or was judged dead', async () => {
    const [stopped, dead] = [await begun(db, chain), await begun(db, chain, { heartbeatTimeoutMs: 6_000 })];
    await db.call('stop_worker', [stopped.worker.id]);
    expect((await stopped.worker.completeAndTake([[stopped.roots[0]!, 1]])).handed).toEqual([]);
    await db.clock.advance(6_001);
    await db.call('requeue_lost_tasks', [await db.make.leaderToken(), 100]);
    expect((await dead.worker.completeAndTake([[dead.roots[0]!, 1]])).handed).toEqual([]);
  });

  it('everything of a leader that is none any more, without an error', async () => {
    const { worker, roots } = await begun(db, chain);
    const token = await db.make.leaderToken('orchestrator:leader');
    await db.clock.advance(600_001);
    const { answers, handed } = await worker.completeAndTake([[roots[0]!, 1]], { leaderToken: token });
    expect([answers[0]!.verdict, handed]).toEqual(['accepted', []]);
    expect(await waiting()).toEqual(['b']);
  });

  it('nothing of a leader that still leads', async () => {
    const { worker, roots } = await begun(db, chain);
    const leaderToken = await db.make.leaderToken('orchestrator:leader');
    expect((await worker.completeAndTake([[roots[0]!, 1]], { leaderToken })).handed).toMatchObject([{ step_slug: 'b' }]);
    expect((await worker.completeAndTake([], { leaderToken: leaderToken + 1 })).handed).toEqual([]);
  });

  it('what is less urgent than something that waits for the worker', async () => {
    const { worker, roots } = await begun(db, chain);
    await db.make.define('urgent', 'u');
    await db.make.start('urgent', {}, { priority: 'high' });
    expect((await worker.completeAndTake([[roots[0]!, 1]])).handed).toEqual([]);
    expect(slugs(await worker.claim({ capacity: 1 }))).toEqual(['u']);
    expect(slugs(await worker.claim({ capacity: 1 }))).toEqual(['b']);
  });

  it('nothing for what is as urgent, comes later, or waits for others', async () => {
    const { worker, roots } = await begun(db, chain, { queues: ['default'] });
    await db.make.define('v', 'v');
    await db.make.define({ slug: 'later', steps: [{ slug: 'l', start_delay_ms: 60_000 }] });
    await db.make.define({ slug: 'elsewhere', steps: [{ slug: 'e', queue: 'second' }] });
    await db.make.start('v');
    await db.make.start('v', {}, { priority: 'low' });
    await db.make.start('later', {}, { priority: 'high' });
    await db.make.start('elsewhere', {}, { priority: 'high' });
    expect(slugs((await worker.completeAndTake([[roots[0]!, 1]])).handed)).toEqual(['b']);
  });

  it('of a batch only what is less urgent than what waits', async () => {
    await db.make.define({ slug: 'w', steps: chain });
    for (const priority of ['low', 'normal', 'high'] as const) await db.make.start('w', priority, { priority });
    const worker = await db.make.worker({ runnableSteps: able(chain) });
    const tasks = await worker.claim();
    await db.make.define('v', 'v');
    await db.make.start('v');
    const { handed } = await worker.completeAndTake(tasks.map((task) => [task, 1]));
    expect(new Set(handed.map(({ run_input }) => run_input))).toEqual(new Set(['high', 'normal']));
  });
});
