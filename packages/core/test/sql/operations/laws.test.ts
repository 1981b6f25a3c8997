// The laws of rows (views lawful_*): a write that breaks one fails, and says which. Every law of the database has its breach here.
import { useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();

/** What breaks each law, and no other that is asked before it: laws are asked in the order of the view. Rows are those of a started run. */
const BREACHES: Record<string, Record<string, string>> = {
  workflow_runs: {
    run_status_known: `status = 'resting'`,
    priority_known: 'priority = 3',
    durability_known: `durability = 'eternal'`,
    remaining_leaves_in_range: 'remaining_leaves = total_steps + 1',
    finished_iff_final: 'finished_at = now()',
    output_iff_completed: `output = '1'`,
    paused_iff_paused: 'paused_at = now()',
    an_open_run_has_no_error: `error = '{}'`,
    a_failed_run_has_an_error: `status = 'failed', finished_at = now()`,
    a_scheduled_run_has_not_started: `status = 'scheduled'`,
    a_started_run_has_a_start: 'started_at = null',
    a_completed_run_has_no_leaves_left: `status = 'completed', output = '1', finished_at = now()`,
    a_key_has_a_hash: `idempotency_key = 'k'`,
  },
  step_states: {
    step_status_known: `status = 'resting'`,
    skip_reason_known: `skip_reason = 'boredom', status = 'skipped', finished_at = now()`,
    remaining_deps_in_range: `remaining_deps = -1, status = 'created', initial_tasks = null, remaining_tasks = null, started_at = null`,
    remaining_tasks_in_range: 'remaining_tasks = initial_tasks + 1',
    tasks_known_together: `remaining_tasks = null`,
    finished_iff_final: 'finished_at = now()',
    skipped_iff_reason: `skip_reason = 'handler_failed'`,
    only_a_failed_step_has_an_error: `error = '{}'`,
    a_failed_step_has_an_error: `status = 'failed', finished_at = now()`,
    a_started_step_waits_for_nobody: 'remaining_deps = 1',
    a_started_step_knows_its_tasks: 'started_at = null',
    a_completed_step_has_no_tasks_left: `status = 'completed', finished_at = now()`,
  },
  step_tasks: {
    task_status_known: `status = 'resting'`,
    index_in_range: 'task_index = -1',
    failures_never_exceed_attempts: 'failures = attempt + 1',
    finished_iff_final: 'finished_at = now()',
    output_iff_completed: `output = '1'`,
    held_while_started: 'worker_id = null',
    not_held_while_queued: `status = 'queued'`,
    a_failed_task_has_an_error: `status = 'failed', finished_at = now()`,
  },
};
const CASES = Object.entries(BREACHES).flatMap(([table, laws]) =>
  Object.entries(laws).map(([law, breach]) => [table, law, breach] as const),
);

beforeEach(async () => {
  await db.make.define('w', 'a');
  const worker = await db.make.worker();
  await db.make.start('w');
  await worker.claim();
});

const VIEWS: Record<string, string> = { workflow_runs: 'lawful_runs', step_states: 'lawful_steps', step_tasks: 'lawful_tasks' };

it.each(CASES)('%s: %s', async (table, law, breach) => {
  await expect(db.sql(`update workflow.${VIEWS[table]} set ${breach}`)).rejects.toMatchObject({
    code: '23514',
    schema: 'workflow',
    table,
    constraint: law,
  });
});

it('has a breach of every law that the database knows', async () => {
  const enacted = await db.sql<{ table: string; law: string }>(
    `select m[1] as table, m[2] as law from pg_views v, regexp_matches(v.definition, 'break_law[(]''(\\w+)''::text, ''(\\w+)''::text', 'g') m
      where v.schemaname = 'workflow'`,
  );
  expect(enacted.map(({ table, law }) => `${table}.${law}`).toSorted()).toEqual(CASES.map(([table, law]) => `${table}.${law}`).toSorted());
});

it('says what the row would have been', async () => {
  await expect(db.sql('update workflow.lawful_runs set priority = 3')).rejects.toThrow(
    /row of table workflow_runs breaks the law priority_known: .*"priority": 3/,
  );
});

it('holds for a row that is inserted', async () => {
  await expect(
    db.sql(
      `insert into workflow.lawful_tasks (run_id, step_slug, task_index, residency, home_epoch, written_tick, status, available_at, created_at)
         select t.run_id, t.step_slug, 7, t.residency, t.home_epoch, t.written_tick, 'resting', now(), now() from workflow.step_tasks t`,
    ),
  ).rejects.toMatchObject({ constraint: 'task_status_known' });
});

it('says so when a row is to be changed that breaks a law already', async () => {
  await db.sql('update workflow.workflow_runs set priority = 3');
  await expect(db.sql(`update workflow.lawful_runs set labels = '{"a": "b"}'`)).rejects.toMatchObject({ constraint: 'priority_known' });
});

it.each(Object.entries(VIEWS))('%s can be written through its view whole', async (table, view) => {
  const columnsOf = (relation: string) =>
    db.sql(
      `select attname as name from pg_attribute where attrelid = ('workflow.' || $1::text)::regclass and attnum > 0 and not attisdropped order by attnum`,
      [relation],
    );
  expect(await columnsOf(view)).toEqual(await columnsOf(table));
});
