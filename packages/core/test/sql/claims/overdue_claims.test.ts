// When the scheduler looks at a claim of a living worker: not before one of its tasks can be past its timeout.
import { assertLaws, useTestDatabase, type ClaimRow } from '@singularity-workflow/testkit';

const HEARTBEAT_MS = 6_000;
const db = useTestDatabase();
const requeue = async (limit = 100) =>
  db.call<{ step_slug: string; reason: string }>('requeue_lost_tasks', [await db.make.leaderToken(), limit]);
const overdueInMs = ({ overdue_at, claimed_at }: ClaimRow) => overdue_at.getTime() - claimed_at.getTime();

beforeEach(() => db.clock.freeze());
afterEach(() => assertLaws(db));

describe('a claim is overdue', () => {
  it('first when a worker’s heartbeat timeout has passed, then when the shortest timeout of its open tasks has too', async () => {
    await db.make.define({
      slug: 'w',
      steps: [
        { slug: 'a', timeout_ms: 10_000 },
        { slug: 'b', timeout_ms: 50_000 },
      ],
    });
    await db.make.start('w');
    const worker = await db.make.worker({ heartbeatTimeoutMs: HEARTBEAT_MS });
    const tasks = await worker.claim();
    expect((await db.make.claims()).map(overdueInMs)).toEqual([HEARTBEAT_MS]);
    await db.clock.advance(HEARTBEAT_MS);
    await worker.heartbeat(tasks);
    expect(await requeue()).toEqual([]);
    expect((await db.make.claims()).map(overdueInMs)).toEqual([10_000 + HEARTBEAT_MS]);
    await worker.complete(
      tasks.find(({ step_slug }) => step_slug === 'a')!,
      1,
    );
    await db.clock.advance(10_000);
    await worker.heartbeat(tasks);
    expect(await requeue()).toEqual([]);
    expect((await db.make.claims()).map(overdueInMs)).toEqual([50_000 + HEARTBEAT_MS]);
  });

  it('when a step’s timeout and the worker’s heartbeat timeout on top have passed, and loses that task only', async () => {
    await db.make.define({
      slug: 'w',
      base_delay_ms: 0,
      steps: [
        { slug: 'a', timeout_ms: 1_000 },
        { slug: 'b', timeout_ms: 50_000 },
      ],
    });
    await db.make.start('w');
    const worker = await db.make.worker({ heartbeatTimeoutMs: HEARTBEAT_MS });
    const tasks = await worker.claim();
    await db.clock.advance(HEARTBEAT_MS);
    await worker.heartbeat(tasks);
    await db.clock.advance(1_000);
    expect(await requeue()).toEqual([]);
    await db.clock.advance(1);
    expect(await requeue()).toMatchObject([{ step_slug: 'a', reason: 'timeout' }]);
    expect((await worker.heartbeat(tasks)).aborts).toMatchObject([{ step_slug: 'a', reason: 'lost' }]);
    expect(
      await worker.complete(
        tasks.find(({ step_slug }) => step_slug === 'b')!,
        1,
      ),
    ).toMatchObject({ verdict: 'accepted' });
  });

  it('by the same rule where its tasks were handed over', async () => {
    await db.make.define({ slug: 'w', base_delay_ms: 0, steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'], timeout_ms: 1_000 }] });
    await db.make.start('w');
    const worker = await db.make.worker({ heartbeatTimeoutMs: HEARTBEAT_MS, runnableSteps: [['w', 'b']] });
    const task = await worker.claimOne();
    await db.clock.advance(5_000);
    const { handed } = await worker.completeAndTake([[task, 1]], { settled: [task.claim_id] });
    for (let i = 0; i < 2; i += 1) {
      await worker.heartbeat(handed);
      expect(await requeue()).toEqual([]);
      await db.clock.advance(3_501);
    }
    expect(await requeue()).toMatchObject([{ step_slug: 'b', reason: 'timeout' }]);
  });

  it('and stays so while a call’s limit leaves some of its tasks', async () => {
    await db.make.define({
      slug: 'w',
      steps: [
        { slug: 'm', kind: 'map', timeout_ms: 1_000, max_attempts: 1, when_exhausted: 'skip' },
        { slug: 'n', kind: 'map', timeout_ms: 1_000 },
      ],
    });
    await db.make.start('w', [1, 2, 3]);
    const worker = await db.make.worker({ heartbeatTimeoutMs: HEARTBEAT_MS });
    const tasks = await worker.claim();
    await db.clock.advance(5_000);
    await worker.heartbeat(tasks);
    await db.clock.advance(5_000);
    const counts = [];
    for (let lost = await requeue(2); lost.length > 0; lost = await requeue(2)) counts.push(lost.length);
    expect(counts.length).toBeGreaterThan(1);
    expect(await db.sql(`select 1 from workflow.step_tasks where status = 'started'`)).toEqual([]);
    expect(await db.make.claims()).toEqual([]);
  });
});

describe('the claims of a dead worker', () => {
  it('go with its tasks, all of them', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'm', kind: 'map' }] });
    await db.make.start('w', [1, 2, 3, 4]);
    const dead = await db.make.worker({ heartbeatTimeoutMs: HEARTBEAT_MS });
    for (let i = 0; i < 4; i += 1) await dead.claim({ capacity: 1 });
    expect(await db.make.claims()).toHaveLength(4);
    await db.clock.advance(HEARTBEAT_MS + 1);
    expect([(await requeue(3)).length, (await requeue(3)).length]).toEqual([3, 1]);
    expect(await db.make.claims()).toEqual([]);
  });

  it('are found though the worker itself was pruned', async () => {
    await db.make.define('w', 'a');
    await db.make.start('w');
    const dead = await db.make.worker({ heartbeatTimeoutMs: HEARTBEAT_MS });
    await dead.claim();
    await db.sql('delete from workflow.workflow_workers where worker_id = $1', [dead.id]);
    expect(await requeue()).toMatchObject([{ step_slug: 'a', reason: 'worker_lost' }]);
    expect(await db.make.claims()).toEqual([]);
  });
});
