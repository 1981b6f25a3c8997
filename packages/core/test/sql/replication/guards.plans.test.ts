// An apply worker keeps the plans that it made when it began, for as long as it lives: made while the tables were empty, and known to be, they must
// be as good when the tables are large.
import { Arriving, attempt, deletion, keyed, run, step, task } from './arriving.js';

const RUNS = 200;
const LOOKUPS = ['workflow_runs', 'step_states', 'step_tasks', 'step_attempts', 'run_deletions', 'lost_runs'];

let here: Arriving;
beforeAll(async () => {
  here = await Arriving.make();
});
afterAll(() => here.db.close());

const idOf = (n: number) => `00000000-0000-7000-8000-${String(n).padStart(12, '0')}`;
const of = (row: Record<string, unknown>, n: number) => ({ ...row, run_id: idOf(n) });

/** Runs with children, from run number `from` on: new ones, their next tenure, rivals for their keys. Every statement of the guards comes up. */
async function bring(from: number, count: number): Promise<void> {
  const all = Array.from({ length: count }, (_, n) => from + n);
  const withKey = (n: number, epoch: number, runId: string) => ({ ...keyed(epoch, runId, epoch), idempotency_key: `k${n}` });
  const children = async (epoch: number) => {
    await here.insert('step_attempts', ...all.map((n) => of(attempt(epoch, epoch), n)));
    await here.insert('step_tasks', ...all.map((n) => of(task(epoch, epoch), n)));
    await here.insert('step_states', ...all.map((n) => of(step(epoch, epoch), n)));
  };
  await here.insert('workflow_runs', ...all.map((n) => (n % 2 === 0 ? withKey(n, 2, idOf(n)) : of(run(2, 2), n))));
  await children(2);
  await children(3);
  await here.insert('workflow_runs', ...all.map((n) => (n % 2 === 0 ? withKey(n, 3, idOf(n)) : of(run(3, 3), n))));
  await here.insert('workflow_runs', ...all.filter((n) => n % 2 === 0).map((n) => withKey(n, 4, idOf(n + 1_000_000))));
  await children(1);
  await here.insert('run_deletions', ...all.filter((n) => n % 4 === 1).map((n) => of(deletion(3, 1, { idempotency_key: `k${n}` }), n)));
}

/** Tombstones and deletions of other runs. */
const bury = () =>
  here.db.sql(`with gone as (select gen_random_uuid() as run_id, n from generate_series(1, 500) n),
                    lost as (insert into workflow.lost_runs select run_id, 'global', run_id, 1, now() from gone)
               insert into workflow.run_deletions (run_id, home_epoch, written_tick, deleted_at, tenant_id, workflow, idempotency_key, run_epoch)
               select run_id, 1, 0, now(), 't', 'w', 'gone' || n, 1 from gone`);

/** Rows that scans of whole tables have read. */
async function scanned(): Promise<Map<string, number>> {
  await here.flushStatistics();
  const rows = await here.db.sql<{ relname: string; seq_tup_read: number }>(
    `select relname, seq_tup_read from pg_stat_user_tables where schemaname = 'workflow' and relname = any ($1) order by relname`,
    [LOOKUPS],
  );
  return new Map(rows.map(({ relname, seq_tup_read }) => [relname, seq_tup_read]));
}

it('reads no table as a whole, whatever it knew of them when its plans were made', async () => {
  await here.reset();
  await here.db.sql(`vacuum analyze ${LOOKUPS.map((table) => `workflow.${table}`).join(', ')}`);
  for (let n = 0; n < 16; n += 1) await bring(n, 1);
  await bury();
  await bring(1_000, RUNS);
  const before = await scanned();
  await bring(2_000, RUNS);
  expect(await scanned()).toEqual(before);
});
