// A real crash: PostgreSQL of its own, ended without being asked. What only that can show: unlogged tables are empty, ids start again.
import { createTestDatabase, CrashableServer, waitFor, type TestDatabase } from '@singularity-workflow/testkit';

interface Rebuilt {
  needed: boolean;
  restored: number;
  next_after: string | null;
}

let server: CrashableServer;
let db: TestDatabase;

async function crash(): Promise<void> {
  await server.crash();
  await server.restart();
  await waitFor(() => db.sql('select 1'), { until: 'the server answers again' });
}

async function rebuild(): Promise<number> {
  const token = await db.make.leaderToken();
  let restored = 0;
  let after: string | null = null;
  do {
    const answer: Rebuilt = (await db.call<Rebuilt>('rebuild_queue', [token, after, 100]))[0]!;
    restored += answer.restored;
    after = answer.next_after;
  } while (after !== null);
  return restored;
}

beforeAll(async () => {
  server = await CrashableServer.start();
  db = await createTestDatabase(server.url);
}, 60_000);
beforeEach(() => db.reset());
afterAll(async () => {
  await db?.close();
  await server?.close();
}, 60_000);

describe('after a crash of the server', () => {
  it('the queues are empty, and so is the marker that says they are whole', async () => {
    await db.make.define('w', 'a');
    await db.make.start('w');
    await db.sql('checkpoint');
    await crash();
    expect(await db.make.messages()).toEqual([]);
    expect(await db.sql('select * from workflow.queue_marker')).toEqual([]);
    expect(await db.sql(`select status from workflow.step_tasks`)).toEqual([{ status: 'queued' }]);
  });

  it('each queued task is delivered again, none twice at a time', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'm', kind: 'map' }] });
    const runId = await db.make.start(
      'w',
      Array.from({ length: 20 }, (_, i) => i),
    );
    const before = await db.make.worker();
    const held = await before.claim({ capacity: 5 });
    await crash();
    expect(await rebuild()).toBe(20);
    const claimed = await (await db.make.worker()).claim();
    expect(claimed).toHaveLength(15);
    expect(claimed.filter(({ task_index }) => held.some((task) => task.task_index === task_index))).toEqual([]);
    expect(new Set(claimed.map(({ task_index }) => task_index)).size).toBe(15);
    await before.completeAll(held.map((task) => [task, 1]));
    expect(await db.make.step(runId, 'm')).toMatchObject({ remaining_tasks: 15 });
  });

  it('ids start again, and a worker from before the crash deletes nobody else’s message', async () => {
    await db.make.define('w', 'a');
    const worker = await db.make.worker();
    await db.make.start('w');
    await crash(); // ids start at 1 from here on
    await db.sql('insert into workflow.queue_marker (rebuilt_at) values (now())');
    await db.make.start('w');
    const task = await worker.claimOne();
    await crash();
    const other = await db.make.start('w'); // its message has the id of the task that the worker holds
    const [message] = await db.make.messages('default', other);
    expect(message!.msg_id).toBe(task.message_id);
    expect(await worker.complete(task, 1)).toMatchObject({ verdict: 'accepted' });
    expect(await db.make.messages('default', other)).toHaveLength(1);
  });

  it('ids go on above all that were ever given once the queue is rebuilt', async () => {
    await db.make.define('w', 'a');
    await db.make.start('w');
    const worker = await db.make.worker();
    const before = await worker.claimOne();
    await db.make.start('w');
    await crash();
    await rebuild();
    expect((await worker.claimOne()).message_id).toBeGreaterThan(before.message_id);
  });

  it('what was acknowledged is there: runs, outputs, leases, workers', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }] });
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    await worker.complete(await worker.claimOne(), 'kept');
    const token = await db.make.leaderToken();
    await crash();
    await rebuild();
    expect(await db.make.leaderToken()).toBe(token);
    expect(await worker.claimOne()).toMatchObject({ run_id: runId, step_slug: 'b', input: { a: 'kept' } });
  });

  it('a second crash in the middle of a rebuild is healed by the next one', async () => {
    await db.make.define('w', 'a');
    await db.make.startAll(Array.from({ length: 30 }, () => ({ tenant_id: 'acme', workflow: 'w' })));
    await crash();
    const token = await db.make.leaderToken();
    const [first] = await db.call<Rebuilt>('rebuild_queue', [token, null, 10]);
    await db.call('rebuild_queue', [token, first!.next_after, 10]);
    await crash();
    expect(await rebuild()).toBe(30);
    expect(await (await db.make.worker()).claim()).toHaveLength(30);
  });
});
