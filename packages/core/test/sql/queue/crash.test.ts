// A real crash: PostgreSQL of its own, ended without being asked. What only that can show: unlogged tables are empty, and what had not reached the disk is gone.
import {
  brokenLaws,
  createTestDatabase,
  CrashableServer,
  waitFor,
  type Claimed,
  type TestDatabase,
  type TestWorker,
} from '@singularity-workflow/testkit';

const TRIES_MAX = 5;

let server: CrashableServer;
let db: TestDatabase;

async function crash(): Promise<void> {
  await server.crash();
  await server.restart();
  await waitFor(() => db.sql('select 1'), { until: 'the server answers again' });
}

beforeAll(async () => {
  server = await CrashableServer.start({ wal_writer_delay: '10s' }); // nobody writes down what a claim leaves in memory
  db = await createTestDatabase(server.url);
});
beforeEach(() => db.reset());
afterAll(async () => {
  await db?.close();
  await server?.close();
});

/**
 * A claim of a new run that is answered, and is not on the disk when the server crashes. Every ten seconds all that is in memory is written down: where
 * that was just now the claim is kept, and another run has to do.
 */
async function claimedBeforeTheDisk(worker: TestWorker): Promise<Claimed> {
  for (let tries = 1; tries <= TRIES_MAX; tries += 1) {
    const runId = await db.make.start('w');
    await db.sql('checkpoint');
    const task = await worker.claimOne();
    await crash();
    if ((await db.make.task(runId, 'a')).status === 'queued') return task;
    await db.call('cancel_runs', [[runId]]);
  }
  throw new Error(`all of ${TRIES_MAX} claims were on the disk at once`);
}

describe('after a crash of the server', () => {
  it('queues and claims are empty, and so is the marker that says they are whole', async () => {
    await db.make.define('w', 'a', 'b');
    await db.make.start('w');
    await (await db.make.worker()).claim({ capacity: 1 });
    await db.sql('checkpoint');
    await crash();
    expect(await db.make.messages()).toEqual([]);
    expect(await db.make.claims()).toEqual([]);
    expect(await db.sql('select * from workflow.queue_marker')).toEqual([]);
    expect(await db.sql(`select status from workflow.step_tasks order by status`)).toEqual([{ status: 'queued' }, { status: 'started' }]);
  });

  it('each queued task is delivered again, none twice at a time', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'm', kind: 'map' }] });
    const runId = await db.make.start(
      'w',
      Array.from({ length: 20 }, (_, i) => i),
    );
    const before = await db.make.worker();
    const held = await before.claim({ capacity: 5 });
    await db.sql('checkpoint'); // a claim does not wait for the disk itself
    await crash();
    expect((await db.make.rebuild()).restored).toBe(20);
    expect(await brokenLaws(db)).toEqual([]);
    const claimed = await (await db.make.worker()).claim();
    expect(claimed).toHaveLength(15);
    expect(claimed.filter(({ task_index }) => held.some((task) => task.task_index === task_index))).toEqual([]);
    expect(new Set(claimed.map(({ task_index }) => task_index)).size).toBe(15);
    await before.completeAll(held.map((task) => [task, 1]));
    expect(await db.make.step(runId, 'm')).toMatchObject({ remaining_tasks: 15 });
  });

  it('a claim that had not reached the disk never was: the task is queued again, and its attempt comes once more', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }] });
    const [before, heir] = [await db.make.worker(), await db.make.worker()];
    const task = await claimedBeforeTheDisk(before);
    await db.make.rebuild();
    expect(await db.make.task(task.run_id, 'a')).toMatchObject({ status: 'queued', attempt: 0 });
    expect(await before.complete(task, 'of nobody')).toMatchObject({ verdict: 'lost' });
    expect((await before.heartbeat([task])).aborts).toMatchObject([{ step_slug: 'a', reason: 'lost' }]);
    const again = await heir.claimOne();
    expect(again.attempt).toBe(task.attempt);
    expect(await before.complete(task, 'of nobody')).toMatchObject({ verdict: 'lost' }); // the same attempt, of another worker
    expect(await before.fail(task)).toMatchObject({ verdict: 'lost' });
    expect(await heir.complete(again, 'of the heir')).toMatchObject({ verdict: 'accepted' });
    expect(await heir.claimOne()).toMatchObject({ input: { a: 'of the heir' } });
  });

  it('a worker that claims what it had claimed before may report either: it is the same attempt', async () => {
    await db.make.define('w', 'a');
    const worker = await db.make.worker();
    const task = await claimedBeforeTheDisk(worker);
    await db.make.rebuild();
    const again = await worker.claimOne();
    expect(await worker.complete(task, 'once')).toMatchObject({ verdict: 'accepted' });
    expect(await worker.complete(again, 'twice')).toMatchObject({ verdict: 'already' });
    expect(await db.make.run(task.run_id)).toMatchObject({ status: 'completed', output: { a: 'once' } });
  });

  it('what was acknowledged is there: runs, outputs, leases, workers', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }] });
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    await worker.complete(await worker.claimOne(), 'kept');
    const token = await db.make.leaderToken();
    await crash();
    await db.make.rebuild();
    expect(await db.make.leaderToken()).toBe(token);
    expect(await worker.claimOne()).toMatchObject({ run_id: runId, step_slug: 'b', input: { a: 'kept' } });
  });

  it('a second crash in the middle of a rebuild is healed by the next one', async () => {
    await db.make.define('w', 'a');
    await db.make.startAll(Array.from({ length: 30 }, () => ({ tenant_id: 'acme', workflow: 'w' })));
    await crash();
    const token = await db.make.leaderToken();
    const [first] = await db.call<{ next_after: string }>('rebuild_queue', [token, null, 10]);
    await db.call('rebuild_queue', [token, first!.next_after, 10]);
    await crash();
    expect((await db.make.rebuild()).restored).toBe(30);
    expect(await (await db.make.worker()).claim()).toHaveLength(30);
  });
});
