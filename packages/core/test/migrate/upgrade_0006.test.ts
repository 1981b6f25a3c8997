// A database of release 0.1.0 with runs in every state goes through schema file 0006 (claims in place of messages in flight, leaves in place of
// steps), and everything in it ends. fixtures/before_0006.jsonl is what that release's functions left: a line for each table with the columns that
// are the same in all its rows, then a line for each row.
import { readFileSync } from 'node:fs';
import { adoptDatabase, brokenLaws, json, TestWorker, type TaskRef, type TestDatabase } from '@singularity-workflow/testkit';
import { migrate } from '../../src/migrate/index.js';
import { createEmptyDatabase, type EmptyDatabase } from '../support/empty-database.js';
import { SqlTreeCopy } from '../support/sql-tree.js';

const LIVING = '00000000-0000-7000-8000-00000000000a';
const DEAD = '00000000-0000-7000-8000-00000000000b';
const fixture = (name: string) => readFileSync(new URL(`fixtures/${name}`, import.meta.url), 'utf8');

async function load(empty: EmptyDatabase): Promise<void> {
  let table = '';
  let every: object = {};
  for (const line of fixture('before_0006.jsonl').trim().split('\n')) {
    const row = JSON.parse(line) as { table?: string; every?: object };
    if (row.table) [table, every] = [row.table, row.every ?? {}];
    else {
      const into = table === 'messages' ? 'pgmq.q_default_p1' : `workflow.${table}`;
      const all = json({ ...every, ...row });
      const columns = Object.keys(JSON.parse(all) as object).join(', ');
      await empty.sql(`insert into ${into} (${columns}) select ${columns} from jsonb_populate_record(null::${into}, $1)`, [all]);
    }
  }
  await empty.sql(`update workflow.step_tasks set started_at = now() where status = 'started'`); // within their timeouts still
}

let empty: EmptyDatabase;
let db: TestDatabase;

beforeAll(async () => {
  empty = await createEmptyDatabase();
  const before = SqlTreeCopy.before('0006');
  before.write('functions/queue/ensure_queue.sql', fixture('ensure_queue_before_0006.sql'));
  await migrate({ adminUrl: empty.url, sqlFolder: before.url });
  before.remove();
  await load(empty);
  await migrate({ adminUrl: empty.url });
  db = await adoptDatabase(empty.name);
});
afterAll(() => db.close());

/** The runs by the keys that they were started with. */
async function runs<T>(column: string): Promise<Record<string, T>> {
  const rows = await db.sql<{ key: string; value: T }>(`select idempotency_key as key, ${column} as value from workflow.workflow_runs`);
  return Object.fromEntries(rows.map(({ key, value }) => [key, value]));
}
const heldBy = (worker: string) =>
  db.sql<TaskRef>(`select run_id, step_slug, task_index, attempt from workflow.step_tasks where status = 'started' and worker_id = $1`, [
    worker,
  ]);

it('counts the leaves that each run still has to end', async () => {
  expect(await runs('remaining_leaves')).toEqual({
    queued: 1,
    started: 1,
    'started by the dead': 1,
    paused: 1,
    scheduled: 1,
    'scheduled, cancelled': 1,
    'half a map': 2,
    failed: 2,
    'skipped leaf': 1,
    'skipped leaf, cancelled': 1,
    completed: 0,
  });
});

it('empties the queues, and has what waits and what is in flight put where they belong now', async () => {
  expect(await db.make.messages()).toEqual([]);
  await db.make.rebuild(3);
  expect(await brokenLaws(db)).toEqual([]);
  expect((await db.make.messages()).map(({ message }) => message['step_slug'])).toEqual(['a']);
  const claims = await db.make.claims();
  const claimedBy = (worker: string) => claims.filter(({ worker_id }) => worker_id === worker).flatMap(({ tasks }) => tasks);
  expect([claimedBy(LIVING).length, claimedBy(DEAD).length]).toEqual([4, 1]);
});

it('lets every run end', async () => {
  const [living, heir] = [new TestWorker(LIVING, db), await db.make.worker()];
  const held = await heldBy(LIVING);
  expect(await living.heartbeat(held)).toMatchObject({ state: 'active', aborts: [] });
  const token = await db.make.leaderToken();
  expect(await db.call('requeue_lost_tasks', [token, 100])).toMatchObject([{ step_slug: 'b', reason: 'worker_lost' }]);
  const { answers } = await living.completeAndTake(held.map((task) => [task, task.step_slug]));
  expect(answers.every(({ verdict }) => verdict === 'accepted')).toBe(true);

  const ids = await runs<string>('run_id');
  await db.call('resume_run', [ids['paused']]);
  await db.call('start_due_runs', [token, 100]);
  for (const key of ['failed', 'scheduled, cancelled', 'skipped leaf, cancelled']) await db.call('retry_run', [ids[key]]);
  expect(await brokenLaws(db)).toEqual([]);
  for (let tasks = await heir.claim(); tasks.length > 0; tasks = await heir.claim()) {
    await heir.completeAll(tasks.map((task) => [task, task.step_slug]));
    expect(await brokenLaws(db)).toEqual([]);
  }

  const chain = { c: 'c' };
  expect(await runs('output')).toEqual({
    queued: chain,
    started: chain,
    'started by the dead': chain,
    paused: chain,
    scheduled: chain,
    'scheduled, cancelled': chain,
    'half a map': { j: 'j', x: 'x' },
    failed: { j: 'j', x: 'x' },
    'skipped leaf': {},
    'skipped leaf, cancelled': {},
    completed: chain,
  });
  expect(await db.make.messages()).toEqual([]);
});
