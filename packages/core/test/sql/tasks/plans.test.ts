// The plans of the hot calls over tables with a history: none may read a large table from end to end, with statistics and without.
import pg from 'pg';
import { json, useTestDatabase, type Claimed, type TestWorker } from '@singularity-workflow/testkit';

interface Plan {
  'Node Type': string;
  'Relation Name'?: string;
  Plans?: Plan[];
}
interface Explained {
  'Query Text': string;
  Plan: Plan;
}

const LARGE = /^(workflow_runs|step_states|step_tasks|step_attempts|run_timers|q_default_p1)$/;
const HISTORY_RUNS = 5_000;
const db = useTestDatabase();

const HISTORY = `
insert into workflow.workflow_runs (run_id, home_epoch, written_tick, tenant_id, placement_group, workflow, definition_id, status, remaining_steps, total_steps,
    input, output, created_at, started_at, finished_at, idempotency_key, request_hash, deadline)
  select workflow.run_id_floor(now() - make_interval(secs => ${HISTORY_RUNS + 10} - i)), 1, 0, 'tenant-' || i % 100, 'global/1', 'w', d.definition_id, 'completed', 0, 2,
         '{}', '{}', now(), now(), now(), 'old-' || i, '\\x00', null
    from generate_series(1, ${HISTORY_RUNS}) i, (select definition_id from workflow.workflow_versions where slug = 'w') d;
insert into workflow.step_states (run_id, step_slug, home_epoch, written_tick, status, remaining_deps, initial_tasks, remaining_tasks, created_at, started_at, finished_at)
  select r.run_id, s.slug, 1, 0, 'completed', 0, 1, 0, now(), now(), now() from workflow.workflow_runs r, (values ('m'), ('j')) s(slug);
insert into workflow.step_tasks (run_id, step_slug, task_index, home_epoch, written_tick, status, attempt, available_at, worker_id, output, created_at, started_at, finished_at)
  select s.run_id, s.step_slug, 0, 1, 0, 'completed', 1, now(), gen_random_uuid(), '1', now(), now(), now() from workflow.step_states s;
insert into workflow.step_attempts (run_id, step_slug, task_index, attempt, home_epoch, written_tick, reported, error, failed_at)
  select t.run_id, t.step_slug, 0, 1, 1, 0, true, '{}', now() from workflow.step_tasks t;
insert into workflow.run_timers (run_id, kind, due_at) select r.run_id, 'deadline', now() + interval '1 day' from workflow.workflow_runs r;
insert into pgmq.q_default_p1 (vt, read_ct, message)
  select now() + interval '1 day', 0, jsonb_build_object('run_id', r.run_id, 'step_slug', 'm', 'task_index', 0) from workflow.workflow_runs r;
update workflow.run_horizon set oldest_open_run_id = workflow.run_id_floor(now() - interval '1 second');
`;

const nodesOf = (plan: Plan): Plan[] => [plan, ...(plan.Plans ?? []).flatMap(nodesOf)];

/** A session whose every statement, inside functions too, tells its plan. */
async function watched(): Promise<{ client: pg.Client; plans: Explained[] }> {
  const client = new pg.Client({ connectionString: db.url() });
  const plans: Explained[] = [];
  client.on('notice', ({ message }) => {
    const start = message?.indexOf('{') ?? -1;
    if (message?.includes('plan:') && start >= 0) plans.push(JSON.parse(message.slice(start)) as Explained);
  });
  await client.connect();
  await client.query(`load 'auto_explain'`);
  await client.query(`set auto_explain.log_min_duration = 0; set auto_explain.log_nested_statements = on; set auto_explain.log_format = json;
                      set auto_explain.log_level = notice; set client_min_messages = notice`);
  return { client, plans };
}

function scansOf(plans: Explained[]): string[] {
  return plans.flatMap((explained) =>
    nodesOf(explained.Plan)
      .filter((node) => node['Node Type'] === 'Seq Scan' && LARGE.test(node['Relation Name'] ?? ''))
      .map((node) => `${node['Relation Name']}: ${explained['Query Text'].replaceAll(/\s+/g, ' ').slice(0, 160)}`),
  );
}

describe.each(['with statistics', 'without statistics'])('over a history of 5,000 runs, %s', (statistics) => {
  let client: pg.Client;
  let plans: Explained[];
  let worker: TestWorker;
  let runIds: string[];

  beforeEach(async () => {
    await db.make.define({
      slug: 'w',
      base_delay_ms: 0,
      steps: [
        { slug: 'm', kind: 'map' },
        { slug: 'j', depends_on: ['m'] },
      ],
    });
    await db.sql(HISTORY);
    if (statistics === 'with statistics') await db.sql('analyze');
    runIds = (await db.make.startAll(Array.from({ length: 100 }, () => ({ tenant_id: 'acme', workflow: 'w', input: [1, 2] })))).map(
      ({ run_id }) => run_id,
    );
    ({ client, plans } = await watched());
    const caller = {
      sql: async <T>(text: string, values: unknown[] = []) => (await client.query(text, values)).rows as T[],
      call: async <T>(fn: string, args: unknown[] = []) =>
        (await client.query(`select * from workflow.${fn}(${args.map((_, i) => `$${i + 1}`).join(', ')})`, args)).rows as T[],
    };
    worker = (await db.make.worker()).using(caller);
  });
  afterEach(() => client.end());

  /** Runs the story six times, for the sixth may be planned otherwise than the first five. */
  async function expectNoScan(story: (round: number) => Promise<unknown>): Promise<void> {
    for (let round = 0; round < 6; round += 1) await story(round);
    expect(plans.length).toBeGreaterThan(0);
    expect([...new Set(scansOf(plans))]).toEqual([]);
  }
  const numbered = (tasks: Claimed[]) => tasks.map((task) => ({ ...task, message_id: Number(task.message_id) }));

  it('a scan would be seen', async () => {
    await client.query('select count(*) from workflow.step_tasks where failures = 7');
    expect(scansOf(plans)).toMatchObject([expect.stringContaining('step_tasks')]);
  });

  it('a claim, a heartbeat, completions and failures read by index', async () => {
    await expectNoScan(async () => {
      const tasks = numbered(await worker.claim({ capacity: 10 }));
      expect(tasks).toHaveLength(10);
      await worker.heartbeat(tasks);
      await worker.failAll(tasks.slice(0, 2).map((task) => [task, {}]));
      await worker.releaseAll(tasks.slice(2, 4).map((task) => [task, 'drain']));
      await worker.completeAll(tasks.slice(4).map((task) => [task, 1]));
    });
  });

  it('a start reads by index', async () => {
    await expectNoScan((round) =>
      client.query('select * from workflow.start_runs($1)', [
        json(
          Array.from({ length: 20 }, (_, i) => ({ tenant_id: 'acme', workflow: 'w', input: [1], idempotency_key: `new-${round}-${i}` })),
        ),
      ]),
    );
  });

  it('operators’ calls read by index', async () => {
    await expectNoScan(async (round) => {
      const some = runIds.slice(round * 10, round * 10 + 10);
      await client.query('select * from workflow.pause_run($1)', [some[0]]);
      await client.query('select * from workflow.resume_run($1)', [some[0]]);
      await client.query('select * from workflow.cancel_runs($1)', [some.slice(1)]);
      await client.query('select * from workflow.retry_run($1)', [some[1]]);
      await client.query('select * from workflow.delete_runs($1)', [some.slice(2)]);
    });
  });

  it('the scheduler’s calls read by index', async () => {
    const token = await db.make.leaderToken();
    await expectNoScan(async () => {
      await worker.claim({ capacity: 3 });
      await client.query('select * from workflow.requeue_lost_tasks($1, 100)', [token]);
      await client.query('select * from workflow.start_due_runs($1, 100)', [token]);
      await client.query('select * from workflow.fail_overdue_runs($1, 100)', [token]);
      await client.query('select * from workflow.advance_horizon($1, 100)', [token]);
      await client.query(`select * from workflow.prune_runs($1, now() - interval '1 day', 100)`, [token]);
    });
  });

  it('a rebuild reads open runs by index', async () => {
    const token = await db.make.leaderToken();
    await expectNoScan(async () => {
      await db.sql('truncate workflow.queue_marker');
      await client.query('select * from workflow.rebuild_queue($1, null, 100)', [token]);
      await client.query(`select * from workflow.rebuild_queue($1, '00000000-0000-0000-0000-000000000000', 10)`, [token]);
    });
  });

  it('a read of one run, of its events, and of many ends reads by index', async () => {
    await expectNoScan(async () => {
      await client.query('select * from workflow.run_events where run_id = $1', [runIds[0]]);
      await client.query('select run_id, status from workflow.workflow_runs where run_id = any($1)', [runIds.slice(0, 50)]);
    });
  });
});
