// Ten thousand schedules that are due at the same second, and clients that go on submitting.
import { waitFor } from '@singularity-workflow/testkit';
import { say } from '../harness/load.js';
import { inRegion, type Region } from '../harness/region.js';

const SCHEDULES = 10_000;
const PLAIN_EVERY_MS = 100;
/** To make them all takes a second or two. */
const DUE_IN_MS = 15_000;
/** What others submit waits for less than this of the time that all schedules take, and on a fast machine for less than a second. */
const SHARE_MAX = 1 / 3;
const START_LIMIT_MS = 1_000;

it(
  'fires each of them once, and starts what others submit meanwhile, long before the last has fired',
  inRegion({ record: false }, async (region) => {
    const dueAt = await make(region);
    await waitFor(async () => (await fired(region)) > 0, { until: 'the first has fired', timeoutMs: 60_000 });
    const answersMs: number[] = [];
    while ((await fired(region)) < SCHEDULES) {
      const before = performance.now();
      await region.client.start({ tenant_id: 'plain', workflow: 'e2e-held', input: { n: 1, gates: [] } });
      answersMs.push(performance.now() - before);
      await new Promise((resolve) => setTimeout(resolve, PLAIN_EVERY_MS));
    }
    await region.settled(null, { timeoutMs: 60_000 });

    expect(
      await region.db.sql(
        `select count(*)::int as runs, count(distinct labels ->> 'schedule')::int as schedules
        from workflow.workflow_runs where tenant_id = 'crowd' and run_at = $1 and status = 'completed'`,
        [dueAt],
      ),
    ).toEqual([{ runs: SCHEDULES, schedules: SCHEDULES }]);
    const waitsMs = await plainWaits(region);
    const [{ took }] = (await region.db.sql<{ took: number }>(
      `select extract(epoch from max(created_at) - $1)::float as took from workflow.workflow_runs where tenant_id = 'crowd'`,
      [dueAt],
    )) as [{ took: number }];
    say(
      `${SCHEDULES} schedules of one second fired within ${took.toFixed(1)} s; of ${waitsMs.length} runs submitted meanwhile the slowest was ` +
        `answered in ${Math.max(...answersMs).toFixed(0)} ms and started in ${Math.max(...waitsMs).toFixed(0)} ms`,
    );
    expect(waitsMs.length).toBeGreaterThan(20);
    const limitMs = Math.max(START_LIMIT_MS, took * 1_000 * SHARE_MAX);
    expect(Math.max(...answersMs)).toBeLessThan(limitMs);
    expect(Math.max(...waitsMs)).toBeLessThan(limitMs);
  }),
);

/** Ten thousand schedules, copies of one; answers when they are due. */
async function make({ db, client }: Region): Promise<Date> {
  const input = { n: 1, gates: [] };
  await client.schedules.create({ tenant_id: 'crowd', name: 's1', cron: '@yearly', workflow: 'e2e-held', input });
  const dueAt = new Date(Math.ceil(Date.now() / 1_000) * 1_000 + DUE_IN_MS);
  await db.sql(`update workflow.workflow_schedules set next_fire_at = $1, due_at = $1`, [dueAt]);
  await db.sql(
    `insert into workflow.workflow_schedules
       select c.* from workflow.workflow_schedules s, generate_series(2, $1::int) n,
              lateral jsonb_populate_record(s, jsonb_build_object('name', 's' || n)) c`,
    [SCHEDULES],
  );
  if (Date.now() > dueAt.getTime()) throw new Error('the schedules were due before they were made');
  return dueAt;
}

async function fired({ db }: Region): Promise<number> {
  return (await db.sql<{ n: number }>('select count(*)::int as n from workflow.workflow_schedules where last_slot_at is not null'))[0]!.n;
}

/** From the storing of a run to the claim of its first task, by the database's clock. */
async function plainWaits({ db }: Region): Promise<number[]> {
  const rows = await db.sql<{ ms: number }>(
    `select (extract(epoch from t.started_at - r.created_at) * 1000)::float as ms
       from workflow.workflow_runs r join workflow.step_tasks t using (run_id) where r.tenant_id = 'plain'`,
  );
  return rows.map(({ ms }) => ms);
}
