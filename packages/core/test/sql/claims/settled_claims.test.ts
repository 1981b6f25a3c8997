// A worker says of which claims it holds nothing any more (p_settled); what it never says is found out.
import { assertLaws, useTestDatabase, type TestWorker } from '@singularity-workflow/testkit';

const db = useTestDatabase();
const ids = async () => (await db.make.claims()).map(({ claim_id }) => claim_id);
const requeue = async () => db.call('requeue_lost_tasks', [await db.make.leaderToken(), 100]);

/** A worker with one claim whose only task is completed, and one that is still held. */
async function settledAndHeld(worker: TestWorker) {
  await db.make.define('w', 'a');
  await db.make.start('w');
  const done = await worker.claimOne();
  await db.make.start('w');
  const held = await worker.claimOne();
  await worker.complete(done, 1);
  return { done, held };
}

afterEach(() => assertLaws(db));

describe('a settled claim', () => {
  it.each<[string, (worker: TestWorker, settled: number[]) => Promise<unknown>]>([
    ['a claim', (worker, settled) => worker.claim({ settled })],
    ['a report', (worker, settled) => worker.completeAndTake([], { settled })],
    ['a heartbeat', (worker, settled) => worker.heartbeat([], { settled })],
  ])('goes with %s, and no other', async (_, say) => {
    const worker = await db.make.worker();
    const { done, held } = await settledAndHeld(worker);
    await say(worker, [done.claim_id]);
    expect(await ids()).toEqual([held.claim_id]);
  });

  it('goes with the claim that takes something too', async () => {
    const worker = await db.make.worker();
    const { done, held } = await settledAndHeld(worker);
    await db.make.start('w');
    const next = await worker.claimOne({ settled: [done.claim_id] });
    expect(new Set(await ids())).toEqual(new Set([held.claim_id, next.claim_id]));
  });

  it('may be the one whose last task is reported in the same call', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }] });
    await db.make.start('w');
    const worker = await db.make.worker({ runnableSteps: [['w', 'b']] });
    const task = await worker.claimOne();
    const { handed } = await worker.completeAndTake([[task, 1]], { settled: [task.claim_id] });
    expect(await ids()).toEqual([handed[0]!.claim_id]);
  });

  it('may be said twice, and together with ids that nobody knows', async () => {
    const worker = await db.make.worker();
    const { done, held } = await settledAndHeld(worker);
    const settled = [done.claim_id, done.claim_id, 1, Number.MAX_SAFE_INTEGER];
    for (let i = 0; i < 2; i += 1) await worker.heartbeat([held], { settled });
    expect(await ids()).toEqual([held.claim_id]);
  });

  it('of another worker is left alone', async () => {
    const [worker, other] = [await db.make.worker(), await db.make.worker()];
    const { held } = await settledAndHeld(worker);
    const before = await ids();
    await other.heartbeat([], { settled: [held.claim_id] });
    await other.claim({ settled: [held.claim_id] });
    await other.completeAndTake([], { settled: [held.claim_id] });
    expect(await ids()).toEqual(before);
  });

  it('that is never said goes with a heartbeat after the visibility timeout', async () => {
    await db.clock.freeze();
    const worker = await db.make.worker({ visibilityTimeoutMs: 30_000 });
    const { held } = await settledAndHeld(worker);
    await db.clock.advance(29_000);
    await worker.heartbeat([held]);
    expect(await ids()).toHaveLength(2);
    await db.clock.advance(1_001);
    await worker.heartbeat([held]);
    expect(await ids()).toEqual([held.claim_id]);
  });

  it('that is never said goes with the scheduler, though its worker says nothing', async () => {
    await db.clock.freeze();
    const worker = await db.make.worker({ heartbeatTimeoutMs: 6_000, visibilityTimeoutMs: 600_000 });
    const { held } = await settledAndHeld(worker);
    await db.clock.advance(4_000);
    await worker.heartbeat([held]);
    await requeue();
    expect(await ids()).toHaveLength(2); // none of them can be past a timeout yet
    await db.clock.advance(4_000);
    await worker.heartbeat([held]);
    await requeue();
    expect(await ids()).toEqual([held.claim_id]);
  });

  it('is not needed any more for a task that another worker holds now', async () => {
    const [worker, other] = [await db.make.worker(), await db.make.worker()];
    const { held } = await settledAndHeld(worker);
    await worker.release(held);
    const again = await other.claimOne();
    await worker.heartbeat([], { settled: [held.claim_id] });
    expect(await ids()).toEqual(expect.arrayContaining([again.claim_id]));
  });
});

describe('a claim that takes nothing', () => {
  it('leaves no row, whatever it finds', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const [worker, other] = [await db.make.worker(), await db.make.worker()];
    const task = await worker.claimOne();
    await db.sql(`insert into pgmq.q_default_p1 (vt, message) values (now(), $1)`, [{ run_id: runId, step_slug: 'a', task_index: 0 }]);
    expect(await other.claim()).toEqual([]);
    expect(await other.claim()).toEqual([]);
    expect(await ids()).toEqual([task.claim_id]);
  });
});

describe('a claim of several tasks', () => {
  it('is one row, whatever their queues and runs are', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'm', kind: 'map', queue: 'second' }] });
    await db.make.start('w', [1, 2], { priority: 'high' });
    await db.make.start('w', [1]);
    const worker = await db.make.worker();
    const tasks = await worker.claim({ queues: ['default', 'second'] });
    expect(tasks).toHaveLength(5);
    expect(new Set(tasks.map(({ claim_id }) => claim_id)).size).toBe(1);
    const claims = await db.make.claims();
    expect(claims).toMatchObject([{ claim_id: tasks[0]!.claim_id, worker_id: worker.id, lost: false }]);
    expect(claims[0]!.tasks).toHaveLength(5);
  });
});
