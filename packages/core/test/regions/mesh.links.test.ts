import { waitFor } from '@singularity-workflow/testkit';
import { digestOf, writeRuns } from '../support/traffic.js';
import { type LinkedRegion, LinkedRegions } from '../support/linked-regions.js';

jest.setTimeout(300_000);

describe('links made from nothing', () => {
  let mesh: LinkedRegions;
  let eu: LinkedRegion;
  let us: LinkedRegion;
  let ap: LinkedRegion;

  beforeAll(async () => {
    mesh = await LinkedRegions.start(3);
    [eu, us, ap] = mesh.regions as [LinkedRegion, LinkedRegion, LinkedRegion];
    await mesh.found();
    await mesh.link();
  });

  afterAll(async () => {
    await mesh?.close();
  });

  const sameEverywhere = () =>
    waitFor(async () => new Set(await Promise.all(mesh.regions.map(({ db }) => digestOf(db)))).size === 1, {
      until: 'all regions have the same rows',
    });

  it('carry what each region writes to all others, and to nobody twice', async () => {
    for (const { db, region } of mesh.regions) await writeRuns(db, { tenant: region, runs: 5 });
    await sameEverywhere();
    expect(await ap.db.sql('select tenant_id, count(*) from workflow.workflow_runs group by 1 order by 1')).toEqual([
      { tenant_id: 'ap', count: 5 },
      { tenant_id: 'eu', count: 5 },
      { tenant_id: 'us', count: 5 },
    ]);
    const stats = await Promise.all(mesh.regions.map(({ reader }) => reader.stats()));
    expect(
      stats.flat().map(({ applyErrors, copyErrors, conflicts, updatesMissing }) => applyErrors + copyErrors + conflicts + updatesMissing),
    ).toEqual([0, 0, 0, 0, 0, 0]);
  });

  it('leave nothing to do', async () => {
    for (const { reconciler, token } of mesh.regions) {
      expect(await reconciler.round(token)).toBe('idle');
      expect(reconciler.details().waiting).toEqual([]);
    }
  });

  it('are made without a superuser: the monitor’s login has no more than its role and what ensureReplication gave', async () => {
    const [login] = await eu.monitor.query('select rolsuper, rolreplication, rolcreaterole from pg_roles where rolname = current_user');
    expect(login).toEqual({ rolsuper: false, rolreplication: false, rolcreaterole: false });
    const owners = await eu.db.sql(
      `select distinct r.rolname, r.rolsuper, r.rolconnlimit from pg_subscription s join pg_roles r on r.oid = s.subowner
        where s.subdbid = (select oid from pg_database where datname = current_database())`,
    );
    expect(owners).toEqual([{ rolname: 'workflow_owner', rolsuper: false, rolconnlimit: 0 }]);
  });

  it('have the options of the design', async () => {
    const subscriptions = await us.db.sql(
      `select subname, subenabled, subslotname, suborigin, substream, subfailover, subdisableonerr, subsynccommit, subtwophasestate, subrunasowner, subpublications
         from pg_subscription where subdbid = (select oid from pg_database where datname = current_database()) order by subname`,
    );
    const short = us.server.shortId;
    expect(subscriptions).toEqual(
      [eu, ap]
        .map(({ server }) => `sub_${short}_from_${server.shortId}`)
        .toSorted()
        .map((name) => ({
          subname: name,
          subenabled: true,
          subslotname: name,
          suborigin: 'none',
          substream: 'p',
          subfailover: true,
          subdisableonerr: false,
          subsynccommit: 'off',
          subtwophasestate: 'd',
          subrunasowner: false,
          subpublications: [`pub_to_${short}`],
        })),
    );
    expect(
      await us.db.sql('select pubname, pubinsert, pubupdate, pubdelete, pubtruncate, puballtables from pg_publication order by 1'),
    ).toEqual(
      [eu, ap]
        .map(({ server }) => `pub_to_${server.shortId}`)
        .toSorted()
        .map((pubname) => ({ pubname, pubinsert: true, pubupdate: true, pubdelete: false, pubtruncate: false, puballtables: false })),
    );
    expect(await us.db.sql(`select distinct failover, two_phase, plugin from pg_replication_slots where slot_type = 'logical'`)).toEqual([
      { failover: true, two_phase: false, plugin: 'pgoutput' },
    ]);
  });

  it('name every column that travels, and nothing that must stay: queues, claims, workers, leases, the topology', async () => {
    const published = await eu.db.sql<{ tablename: string; columns: string[] }>(
      `select tablename, attnames::text[] as columns from pg_publication_tables where pubname = 'pub_to_' || $1`,
      [us.server.shortId],
    );
    expect(published.map(({ tablename }) => tablename).toSorted()).toEqual([
      'group_adoptions',
      'run_deletions',
      'run_request_outcomes',
      'run_requests',
      'step_attempts',
      'step_states',
      'step_tasks',
      'stream_ledger',
      'workflow_definitions',
      'workflow_runs',
      'workflow_schedules',
    ]);
    const left = await eu.db.sql(
      `select c.table_name || '.' || c.column_name as name
         from information_schema.columns c
        where c.table_schema = 'workflow' and c.table_name = any ($1)
          and not exists (select from workflow.replicated_columns r where r.table_name = c.table_name and r.column_name = c.column_name)
        order by 1`,
      [published.map(({ tablename }) => tablename)],
    );
    expect(left).toEqual([]);
    expect(published.find(({ tablename }) => tablename === 'step_tasks')!.columns).not.toContain('message_id');
  });

  it('carry no deletion and no truncation', async () => {
    const [runId] = await writeRuns(eu.db, { tenant: 'kept' });
    await sameEverywhere();
    await eu.db.sql('delete from workflow.workflow_runs where run_id = $1', [runId]);
    await eu.db.sql('truncate workflow.step_attempts');
    const [after] = await writeRuns(eu.db, { tenant: 'after' });
    await waitFor(async () => (await us.db.sql('select from workflow.workflow_runs where run_id = $1', [after])).length === 1, {
      until: 'what was written after them has arrived',
    });
    expect(await us.db.sql('select tenant_id from workflow.workflow_runs where run_id = $1', [runId])).toEqual([{ tenant_id: 'kept' }]);
  });

  it('stop at once when a former leader’s monitor acts: its token is refused', async () => {
    await expect(eu.store.publish(eu.token - 1, us.memberId, 12)).rejects.toMatchObject({ code: 'lease_lost' });
    await expect(
      eu.store.makeLink(eu.token - 1, us.memberId, { address: 'x', sha256: 'x', commit: 'off', slot: 'x', generation: 1 }),
    ).rejects.toMatchObject({ code: 'lease_lost' });
    await expect(eu.reconciler.round(eu.token - 1)).resolves.toBe('idle'); // nothing to do: nothing to refuse
  });
});
