// Rows of a former home that arrive when its group has been adopted: put as the apply worker puts them, with the guards armed.
import { useHomes } from './homes.js';

const homes = useHomes();
const { db } = homes;
const tenant = () => homes.tenantOf('b');
const startThere = (rest: object = {}) => db.make.start('w', { n: 1 }, { tenant_id: tenant(), ...rest });
const takeOver = () => homes.move(2, 'here', tenant());

describe('a late row', () => {
  /** A row as the apply worker puts it: with the guards armed, as a replica. */
  const arrive = async (runId: string, change: string) => {
    const session = await db.session();
    await session.sql(`set session_replication_role = replica`);
    for (const table of ['workflow_runs', 'step_states', 'step_tasks'])
      await session.sql(
        `with kept as (select to_jsonb(t) as row from late.${table} t where run_id = $1)
         insert into workflow.${table} select n.* from kept k, jsonb_populate_record(null::workflow.${table}, k.row || $2::jsonb) n`,
        [runId, table === 'workflow_runs' ? change : '{}'],
      );
    await session.close();
  };
  const setAside = async (runId: string) => {
    await db.sql('create schema if not exists late');
    for (const table of ['workflow_runs', 'step_states', 'step_tasks']) {
      await db.sql(`drop table if exists late.${table}`);
      await db.sql(`create table late.${table} as select * from workflow.${table} where run_id = '${runId}'`);
      await db.sql(`delete from workflow.${table} where run_id = '${runId}'`);
    }
  };

  beforeEach(async () => {
    await db.make.define('w', 'a');
  });

  it('of an open run is adopted and goes on; until then nothing of it is claimed', async () => {
    const runId = await startThere();
    await setAside(runId);
    await homes.becomeReplica();
    await db.call('arm_guards');
    await takeOver();
    await homes.adopt();
    await arrive(runId, '{}');
    const worker = await db.make.worker();
    await db.call('send_messages', [null]);
    expect(await worker.claim()).toEqual([]);
    await expect(db.call('pause_run', [runId])).rejects.toMatchObject({ code: 'WF218' });
    await homes.adopt();
    expect(await worker.claimOne()).toMatchObject({ run_id: runId });
    expect(await homes.tenures(runId)).toEqual({ run: [2], step: [2], task: [2] });
  });

  it('of a finished run is adopted, whatever its tick', async () => {
    const worker = await db.make.worker();
    const runId = await startThere();
    await worker.complete(await worker.claimOne(), 1);
    await setAside(runId);
    await homes.becomeReplica();
    await db.sql(`insert into workflow.stream_ledger (writer, replicated_through, written_at) values ($1, 5, now())`, [homes.members.b]);
    await db.call('arm_guards');
    await takeOver();
    await homes.adopt();
    await arrive(runId, '{}');
    await homes.adopt();
    expect(await db.make.run(runId)).toMatchObject({ home_epoch: 2, status: 'completed' });
  });

  it('of an open run from before the horizon lowers it, so that a later takeover finds the run', async () => {
    const runId = await db.make.start('w', {}, { tenant_id: tenant(), run_id: '01900000-0000-7000-8000-000000000001' });
    await setAside(runId);
    await homes.becomeReplica();
    await db.call('arm_guards');
    await db.sql(`update workflow.run_horizon set oldest_open_run_id = workflow.new_run_id()`);
    await arrive(runId, '{}');
    await takeOver();
    await homes.adopt();
    expect(await (await db.make.worker()).claimOne()).toMatchObject({ run_id: runId });
  });

  it('of an open run from before the horizon is not passed by a scheduler that raises it at this moment', async () => {
    const runId = await db.make.start('w', {}, { tenant_id: tenant(), run_id: '01900000-0000-7000-8000-000000000001' });
    const worker = await db.make.worker();
    const done = await db.make.start('w', {}, { tenant_id: tenant(), run_id: '01900000-0000-7000-8000-000000000002' });
    for (const task of await worker.claim()) if (task.run_id === done) await worker.complete(task, 1);
    await setAside(runId);
    await homes.becomeReplica();
    await db.call('arm_guards');
    const [applying, raising] = [await db.session(), await db.session()];
    await applying.begin();
    await applying.sql('set local session_replication_role = replica');
    await applying.sql(`insert into workflow.workflow_runs select * from late.workflow_runs`);
    const token = await db.make.leaderToken();
    const raised = raising.start(() => raising.call('advance_horizon', [token, 100]));
    await raising.waitUntilBlocked();
    await applying.commit();
    await raised;
    expect(await db.sql('select oldest_open_run_id from workflow.run_horizon')).toEqual([{ oldest_open_run_id: runId }]);
  });

  it('of a group that is at home elsewhere, or of its own tenure, is nobody to adopt', async () => {
    const runId = await startThere();
    await setAside(runId);
    await homes.becomeReplica();
    await db.call('arm_guards');
    await arrive(runId, '{}');
    expect(await db.sql('select * from workflow.adoption_work')).toEqual([]);
  });

  it('that is an update of what was adopted meanwhile changes nothing, and there is nothing to adopt', async () => {
    const runId = await startThere();
    await db.call('create_schedule', [
      JSON.stringify({
        tenant_id: tenant(),
        name: 's',
        cron: '* * * * *',
        time_zone: 'UTC',
        workflow: 'w',
        next_fire_at: '2999-01-01T00:00:00Z',
      }),
    ]);
    await homes.becomeReplica();
    await takeOver();
    await homes.adopt();
    await db.call('arm_guards');
    const [before] = await db.sql('select * from workflow.workflow_runs where run_id = $1', [runId]);
    const [schedule] = await db.sql('select * from workflow.workflow_schedules');
    const session = await db.session();
    await session.sql(`set session_replication_role = replica`);
    await session.sql(
      `update workflow.workflow_runs set home_epoch = 1, revision = revision + 1, status = 'cancelled', finished_at = now()`,
    );
    await session.sql(`update workflow.workflow_schedules set home_epoch = 1, revision = revision + 1, cron = '0 4 * * *'`);
    await session.close();
    expect(await db.sql('select * from workflow.workflow_runs where run_id = $1', [runId])).toEqual([before]);
    expect(await db.sql('select * from workflow.workflow_schedules')).toEqual([schedule]);
    expect(await db.sql('select table_name, kind from workflow.replication_conflicts order by table_name')).toEqual([
      { table_name: 'workflow_runs', kind: 'stale' },
      { table_name: 'workflow_schedules', kind: 'stale' },
    ]);
    expect([await db.sql('select * from workflow.adoption_work'), await db.sql('select * from workflow.adoptions')]).toEqual([[], []]);
  });
});
