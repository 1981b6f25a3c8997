import { createTestDatabase, type TestDatabase } from '@singularity-workflow/testkit';
import { APPLY_SQL, OUTBOX_SQL, STORY_SQL } from './story.sql.js';

let [here, there]: TestDatabase[] = [];
beforeAll(async () => {
  [here, there] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  for (const text of [OUTBOX_SQL, APPLY_SQL, STORY_SQL]) for (const db of [here, there]) await db.sql(text);
});
beforeEach(async () => {
  for (const db of [here!, there!]) {
    await db.reset();
    await db.sql('truncate story.outbox');
  }
  await here!.sql(`select story.start(1, ('00000000-0000-7000-8000-00000000000' || i)::uuid, 'k' || i) from generate_series(1, 5) i`);
  await here!.sql(`select story.write(1, i, i, 'x'), story.schedule(1, 'x') from generate_series(1, 20) i`);
  await send();
});
afterAll(() => Promise.all([here!.close(), there!.close()]));

/** Everything to the other database, in another order of rows. */
async function send(): Promise<void> {
  const [sent] = await here!.sql<{ entries: unknown }>(
    `select jsonb_agg(jsonb_build_object('tab', o.tab, 'op', o.op, 'entry', o.entry) order by o.seq) as entries from story.outbox o`,
  );
  await there!.sql('select story.apply($1)', [JSON.stringify(sent!.entries)]);
}

const LAST = '00000000-0000-7000-8000-000000000005';
const TABLES = [
  'workflow_runs',
  'step_states',
  'step_tasks',
  'step_attempts',
  'run_deletions',
  'workflow_schedules',
  'workflow_definitions',
];
const digests = async (db: TestDatabase, table: string) => db.call('digest_table', [table]);
const differing = async () => {
  const found: string[] = [];
  for (const table of TABLES) {
    const [a, b] = [await digests(here!, table), await digests(there!, table)];
    if (JSON.stringify(a) !== JSON.stringify(b)) found.push(table);
  }
  return found;
};
const runDigests = (db: TestDatabase, after: string | null = null, limit = 100) =>
  db.call<{ run_id: string; digest: string }>('digest_runs', ['global/0', after, limit]);

describe('digest_table', () => {
  it('is equal where the rows are, by group', async () => {
    expect(await differing()).toEqual([]);
    expect(await digests(here!, 'step_states')).toEqual([{ placement_group: 'global/0', row_count: 10, digest: expect.any(String) }]);
  });

  it('does not depend on the order of columns', async () => {
    await there!.sql(
      'alter table workflow.step_tasks rename column attempt to moved; alter table workflow.step_tasks add column attempt int not null default 0',
    );
    await there!.sql('update workflow.step_tasks set attempt = moved');
    expect(await differing()).toEqual([]);
    await there!.sql('alter table workflow.step_tasks drop column attempt; alter table workflow.step_tasks rename column moved to attempt');
  });

  it.each([
    ['workflow_runs', `labels = '{"other": "1"}'`],
    ['step_states', 'output_bytes = 7'],
    ['step_tasks', `error = '{"other": 1}'`],
    ['step_attempts', `error = '{"other": 1}'`],
    ['workflow_schedules', 'jitter_ms = 7'],
    ['workflow_runs', 'revision = revision + 1'],
  ])('sees a difference in %s (%s)', async (table, change) => {
    await there!.sql(`update workflow.${table} set ${change} where ctid = (select min(ctid) from workflow.${table})`);
    expect(await differing()).toEqual([table]);
  });

  it('sees a row that is missing, in its group only', async () => {
    await there!.sql(`update workflow.workflow_runs set placement_group = 'global/1' where run_id = '${LAST}'`);
    await here!.sql(`update workflow.workflow_runs set placement_group = 'global/1' where run_id = '${LAST}'`);
    expect(await differing()).toEqual([]);
    await there!.sql(`delete from workflow.workflow_runs where placement_group = 'global/1'`);
    const [mine, theirs] = [await digests(here!, 'workflow_runs'), await digests(there!, 'workflow_runs')];
    expect(mine.filter((digest) => !theirs.some((other) => JSON.stringify(other) === JSON.stringify(digest)))).toEqual([
      { placement_group: 'global/1', row_count: 1, digest: expect.any(String) },
    ]);
  });

  it('looks at the runs of a range only', async () => {
    const [, second, third] = await here!.sql<{ run_id: string }>('select run_id from workflow.workflow_runs order by run_id');
    await there!.sql('update workflow.step_states set output_bytes = 7 where run_id = $1', [third!.run_id]);
    const through = async (after: string | null, to: string | null) => {
      const [a, b] = [
        await here!.call('digest_table', ['step_states', after, to]),
        await there!.call('digest_table', ['step_states', after, to]),
      ];
      return JSON.stringify(a) === JSON.stringify(b);
    };
    expect(await through(null, second!.run_id)).toBe(true);
    expect(await through(second!.run_id, null)).toBe(false);
    expect(await through(third!.run_id, null)).toBe(true);
  });

  it.each(['stream_ledger', 'workers', 'leases'])('refuses %s, which regions do not share or which never rests', async (table) => {
    await expect(digests(here!, table)).rejects.toMatchObject({ code: 'WF001' });
  });
});

describe('digest_runs', () => {
  it('names the run that differs, with all that belongs to it', async () => {
    await there!.sql(`update workflow.step_tasks set error = '{"other": 1}' where run_id = '${LAST}'`);
    const [mine, theirs] = [await runDigests(here!), await runDigests(there!)];
    expect(mine).toHaveLength(5);
    const differ = mine.filter(({ digest }, index) => digest !== theirs[index]!.digest).map(({ run_id }) => run_id);
    expect(differ).toEqual([LAST]);
  });

  it('goes on after the last run of the call before', async () => {
    const all = await runDigests(here!);
    const first = await runDigests(here!, null, 3);
    expect([...first, ...(await runDigests(here!, first.at(-1)!.run_id, 3))]).toEqual(all);
  });

  it('refuses more runs than the bound', async () => {
    await expect(runDigests(here!, null, 1_001)).rejects.toMatchObject({ code: 'WF002' });
  });
});
