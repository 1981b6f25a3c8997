// Late rows that are adopted while their former home's stream is still bringing more of the same run: whatever the apply worker is in the midst of, the whole
// run gets the tenure, and nothing of it is left behind.
import type { Session } from '@singularity-workflow/testkit';
import { useHomes } from './homes.js';

const homes = useHomes();
const { db } = homes;
const tenant = () => homes.tenantOf('b');
const SCHEDULE = () =>
  JSON.stringify({
    tenant_id: tenant(),
    name: 's',
    cron: '* * * * *',
    time_zone: 'UTC',
    workflow: 'w',
    next_fire_at: '2999-01-01T00:00:00Z',
  });
const ALL_TWO = { run: [2], step: [2], task: [2] };

/** The apply worker, in the midst of a transaction. */
const applying = async (): Promise<Session> => {
  const worker = await db.session();
  await worker.begin();
  await worker.sql('set local session_replication_role = replica');
  return worker;
};

describe('a late run that is adopted while more of it arrives', () => {
  let runId: string;

  beforeEach(async () => {
    await db.make.define('w', 'a');
    runId = await db.make.start('w', { n: 1 }, { tenant_id: tenant() });
    await db.call('create_schedule', [SCHEDULE()]);
    await homes.becomeReplica();
    await db.call('arm_guards');
    await homes.move(2, 'here', tenant());
  });

  /** Adoption meets what the worker has written and not yet committed. */
  const meets = async (worker: Session, adopt: (adopter: Session) => Promise<unknown>): Promise<void> => {
    const adopter = await db.session();
    const adopted = adopter.start(() => adopt(adopter));
    await adopter.waitUntilBlocked();
    await worker.commit();
    await adopted;
  };
  const adoptRun = (adopter: Session) => adopter.call('adopt_runs', [[runId], 2, 1, new Date()]);

  it('keeps a task that its home has just started', async () => {
    const worker = await applying();
    await worker.sql(
      `update workflow.step_tasks set status = 'started', started_at = now(), worker_id = gen_random_uuid(), attempt = 1, revision = revision + 1 where run_id = $1`,
      [runId],
    );
    await meets(worker, adoptRun);
    expect(await homes.tenures(runId)).toEqual(ALL_TWO);
    expect(await db.sql('select status, attempt, revision from workflow.step_tasks')).toEqual([
      { status: 'queued', attempt: 1, revision: expect.anything() as unknown },
    ]);
  });

  it('keeps a task that its home has just started, where the run comes in parts', async () => {
    const worker = await applying();
    await worker.sql(`update workflow.step_tasks set attempt = 1, revision = revision + 1 where run_id = $1`, [runId]);
    await meets(worker, (adopter) => adopter.call('adopt_tasks', [[runId], 2, 1, new Date(), 1]));
    expect(await homes.tenures(runId)).toEqual({ run: [1], step: [1], task: [2] });
  });

  it('takes along what has just come of it', async () => {
    const worker = await applying();
    await worker.sql(
      `insert into workflow.step_tasks
         select n.* from workflow.step_tasks t, jsonb_populate_record(t, '{"task_index": 1}') n where t.run_id = $1`,
      [runId],
    );
    await worker.sql(
      `insert into workflow.step_states
         select n.* from workflow.step_states s, jsonb_populate_record(s, '{"step_slug": "b"}') n where s.run_id = $1`,
      [runId],
    );
    await meets(worker, adoptRun);
    expect(await homes.tenures(runId)).toEqual(ALL_TWO);
    expect(await db.sql('select count(*)::int as tasks from workflow.step_tasks')).toEqual([{ tasks: 2 }]);
  });

  it('keeps a schedule of the group that its home has just changed', async () => {
    const worker = await applying();
    await worker.sql(`update workflow.workflow_schedules set revision = revision + 1`);
    await meets(worker, async (adopter) => adopter.call('adopt_others', [await homes.groupOf(tenant()), 2, 1, 10]));
    expect(await db.sql('select home_epoch::int as tenure from workflow.workflow_schedules')).toEqual([{ tenure: 2 }]);
  });
});

describe('a task that its new home completes while an older version of a row arrives from the former one', () => {
  it.each(['workflow_runs', 'step_states', 'step_tasks'])('is completed: %s', async (table) => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w', { n: 1 }, { tenant_id: tenant() });
    await homes.becomeReplica();
    await db.call('arm_guards');
    await homes.move(2, 'here', tenant());
    await homes.adopt();
    const worker = await db.make.worker();
    const task = await worker.claimOne();
    const stream = await applying();
    await stream.sql(`update workflow.${table} set home_epoch = 1, revision = revision + 1 where run_id = $1`, [runId]);
    const reporter = await db.session();
    const reported = reporter.start(() => worker.using(reporter).complete(task, 1));
    await reporter.waitUntilBlocked();
    await stream.commit();
    await reported;
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed' });
  });
});
