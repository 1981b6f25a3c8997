// A claim whose answer never arrived: its worker lives and does not know of it. The heartbeat notices, the scheduler takes back.
import { assertLaws, useTestDatabase, type Claimed, type TaskRef, type TestWorker } from '@singularity-workflow/testkit';

const VISIBILITY_MS = 30_000;
const db = useTestDatabase();

interface Lost extends TaskRef {
  reason: string;
  queues: string[] | null;
}
const requeue = async () => db.call<Lost>('requeue_lost_tasks', [await db.make.leaderToken(), 100]);
const lostOnes = async () => (await db.make.claims()).filter(({ lost }) => lost).flatMap(({ tasks }) => tasks);
const nameOf = ({ step_slug, task_index }: TaskRef) => `${step_slug}[${task_index}]`;
const hire = (): Promise<TestWorker> => db.make.worker({ visibilityTimeoutMs: VISIBILITY_MS });

/** A map of so many elements, claimed by one worker in one call. */
async function claimed(elements: number): Promise<{ runId: string; worker: TestWorker; tasks: Claimed[] }> {
  await db.make.define({ slug: 'w', timeout_ms: 3_600_000, base_delay_ms: 0, steps: [{ slug: 'm', kind: 'map' }] });
  const runId = await db.make.start('w', Array(elements).fill(0));
  const worker = await hire();
  return { runId, worker, tasks: await worker.claim() };
}

afterEach(() => assertLaws(db));

describe('a claim that its worker does not name', () => {
  it('is lost once it is older than the visibility timeout, not before', async () => {
    await db.clock.freeze();
    const { worker } = await claimed(1);
    await db.clock.advance(VISIBILITY_MS);
    await worker.heartbeat();
    expect(await lostOnes()).toEqual([]);
    await db.clock.advance(1);
    await worker.heartbeat();
    expect(await lostOnes()).toHaveLength(1);
  });

  it('is not lost before its worker has said so: nobody else knows', async () => {
    const { runId } = await claimed(1);
    await db.clock.advance(VISIBILITY_MS * 2);
    await (await hire()).heartbeat();
    expect(await requeue()).toEqual([]);
    expect(await db.make.task(runId, 'm')).toMatchObject({ status: 'started' });
  });

  it('is taken back at the scheduler’s next tick, as a failure that nobody reported, and given to the next claim', async () => {
    const { runId, worker } = await claimed(1);
    await db.clock.advance(VISIBILITY_MS + 1);
    await worker.heartbeat();
    expect(await requeue()).toMatchObject([{ run_id: runId, step_slug: 'm', attempt: 1, reason: 'claim_lost', queues: ['default'] }]);
    expect(await db.make.task(runId, 'm')).toMatchObject({ status: 'queued', failures: 1, worker_id: null });
    expect(await db.sql('select attempt, reported, worker_id, error from workflow.step_attempts')).toMatchObject([
      { attempt: 1, reported: false, worker_id: worker.id, error: { code: 'claim_lost' } },
    ]);
    expect(await db.make.claims()).toEqual([]);
    expect(await worker.claim()).toMatchObject([{ attempt: 2 }]);
  });

  it('is taken back in part: what the worker names stays with it', async () => {
    const { runId, worker, tasks } = await claimed(4);
    await worker.complete(tasks[0]!, 1);
    await db.clock.advance(VISIBILITY_MS + 1);
    await worker.heartbeat(tasks.slice(1, 3));
    expect((await lostOnes()).map(nameOf)).toEqual([nameOf(tasks[3]!)]);
    expect((await requeue()).map(nameOf)).toEqual([nameOf(tasks[3]!)]);
    expect((await db.make.tasks(runId, 'm')).map(({ status }) => status).toSorted()).toEqual(['completed', 'queued', 'started', 'started']);
    await db.clock.advance(VISIBILITY_MS * 2);
    await worker.heartbeat(tasks.slice(1, 3));
    expect(await requeue()).toEqual([]);
    const answers = await worker.completeAll(tasks.slice(1, 3).map((task) => [task, 1]));
    expect(answers.map(({ verdict }) => verdict)).toEqual(['accepted', 'accepted']);
  });

  it('is told from another claim of the same worker', async () => {
    const { worker } = await claimed(1);
    await db.make.start('w', [1]);
    const named = await worker.claimOne();
    await db.clock.advance(VISIBILITY_MS + 1);
    await worker.heartbeat([named]);
    expect((await lostOnes()).map(({ run_id }) => run_id)).not.toContain(named.run_id);
    expect(await requeue()).toHaveLength(1);
    expect(await worker.complete(named, 1)).toMatchObject({ verdict: 'accepted' });
  });

  it('is lost though the worker names another attempt of its task', async () => {
    const { worker, tasks } = await claimed(1);
    await worker.release(tasks[0]!);
    await worker.claim(); // the second attempt: of this it never hears
    await db.clock.advance(VISIBILITY_MS + 1);
    await worker.heartbeat([tasks[0]!]);
    expect(await lostOnes()).toMatchObject([{ attempt: 2 }]);
    expect(await requeue()).toMatchObject([{ attempt: 2, reason: 'claim_lost' }]);
  });

  it('is lost though another worker names its task', async () => {
    const { worker, tasks } = await claimed(1);
    const other = await hire();
    await db.clock.advance(VISIBILITY_MS + 1);
    await other.heartbeat(tasks);
    await worker.heartbeat();
    expect(await lostOnes()).toHaveLength(1);
  });

  it('is marked once, however many heartbeats follow', async () => {
    const { worker } = await claimed(2);
    await db.clock.advance(VISIBILITY_MS + 1);
    for (let i = 0; i < 3; i += 1) await worker.heartbeat();
    expect(await db.make.claims()).toMatchObject([{ lost: true, tasks: [{}, {}] }]);
    await db.clock.advance(VISIBILITY_MS + 1);
    await worker.heartbeat();
    expect(await db.make.claims()).toMatchObject([{ lost: true }]);
  });

  it('costs nothing where its answer did arrive and the task was reported meanwhile', async () => {
    const { runId, worker, tasks } = await claimed(1);
    await db.clock.advance(VISIBILITY_MS + 1);
    await worker.heartbeat();
    expect(await worker.complete(tasks[0]!, 'after all')).toMatchObject({ verdict: 'accepted' });
    expect(await requeue()).toEqual([]);
    expect(await db.make.claims()).toEqual([]);
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed' });
  });

  it('is of a lost worker where that died meanwhile', async () => {
    const { worker } = await claimed(1);
    await db.clock.advance(VISIBILITY_MS + 1);
    await worker.heartbeat();
    await db.call('stop_worker', [worker.id]);
    expect(await requeue()).toMatchObject([{ reason: 'worker_lost' }]);
  });

  it('is not lost while the worker’s report of it is under way', async () => {
    const { worker, tasks } = await claimed(1);
    await db.clock.advance(VISIBILITY_MS + 1);
    const reporting = await db.session();
    await reporting.begin();
    await worker.using(reporting).complete(tasks[0]!, 1);
    await worker.heartbeat(tasks);
    await reporting.commit();
    expect(await requeue()).toEqual([]);
  });
});

describe('a hand-over whose answer is lost', () => {
  const steps = [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }];

  it('is not repeated with the report, and taken back like a lost claim', async () => {
    await db.make.define({ slug: 'w', base_delay_ms: 0, steps });
    const runId = await db.make.start('w');
    const worker = await db.make.worker({ visibilityTimeoutMs: VISIBILITY_MS, runnableSteps: [['w', 'b']] });
    const task = await worker.claimOne();
    expect((await worker.completeAndTake([[task, 1]])).handed).toHaveLength(1); // never arrives
    const { answers, handed } = await worker.completeAndTake([[task, 1]], { settled: [task.claim_id] });
    expect([answers[0]!.verdict, handed]).toEqual(['already', []]);
    await db.clock.advance(VISIBILITY_MS + 1);
    await worker.heartbeat();
    expect(await requeue()).toMatchObject([{ run_id: runId, step_slug: 'b', attempt: 1, reason: 'claim_lost' }]);
    expect(await worker.claim()).toMatchObject([{ step_slug: 'b', attempt: 2 }]);
  });

  it('is taken back at once where its worker dies', async () => {
    await db.make.define({ slug: 'w', base_delay_ms: 0, steps });
    await db.make.start('w');
    const worker = await db.make.worker({ heartbeatTimeoutMs: 6_000, runnableSteps: [['w', 'b']] });
    await worker.completeAndTake([[await worker.claimOne(), 1]]);
    await db.clock.advance(6_001);
    expect(await requeue()).toMatchObject([{ step_slug: 'b', reason: 'worker_lost' }]);
    expect(await (await hire()).claim()).toMatchObject([{ step_slug: 'b', attempt: 2 }]);
  });
});
