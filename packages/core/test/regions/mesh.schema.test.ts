import { waitFor } from '@singularity-workflow/testkit';
import { type LinkedRegion, LinkedRegions } from '../support/linked-regions.js';
import { countRuns, digestOf, Traffic, writeRuns } from '../support/traffic.js';

jest.setTimeout(300_000);

/** What the next release brings: a column and a table that travel. */
const NEXT_SCHEMA = `
  set role workflow_owner;
  alter table workflow.workflow_runs add column extra text;
  create table workflow.notes (note_id uuid, residency text not null default 'global', home_epoch bigint not null, revision bigint not null default 1, note text,
                               primary key (note_id, residency));
  insert into workflow.replicated_columns select 'workflow_runs', 'extra', 900;
  insert into workflow.replicated_columns select 'notes', c, 900 from unnest(array['note_id', 'residency', 'home_epoch', 'revision', 'note']) c;
  insert into workflow.schema_migrations (version, name, sha256) values (900, '0900_next', 'x');
  grant select on workflow.notes to region_replicator;
  reset role`;

const SCHEMA_AFTER_NEXT = `
  set role workflow_owner;
  create table workflow.marks (mark_id uuid, residency text not null default 'global', home_epoch bigint not null, revision bigint not null default 1, mark text,
                               primary key (mark_id, residency));
  insert into workflow.replicated_columns select 'marks', c, 901 from unnest(array['mark_id', 'residency', 'home_epoch', 'revision', 'mark']) c;
  insert into workflow.schema_migrations (version, name, sha256) values (901, '0901_after_next', 'x');
  grant select on workflow.marks to region_replicator;
  reset role`;

describe('an upgrade of a mesh', () => {
  let mesh: LinkedRegions;
  let eu: LinkedRegion;
  let us: LinkedRegion;

  beforeAll(async () => {
    mesh = await LinkedRegions.start(2);
    [eu, us] = mesh.regions as [LinkedRegion, LinkedRegion];
    await mesh.found();
    await mesh.link();
  });

  afterAll(async () => {
    await mesh?.close();
  });

  const rounds = async () => {
    for (const { reconciler, token } of mesh.regions) while ((await reconciler.round(token)) === 'more');
  };
  const publishedColumns = async ({ db }: LinkedRegion) =>
    (
      await db.sql<{ name: string }>(
        `select t.tablename || '.' || a as name from pg_publication_tables t, unnest(t.attnames) a where t.pubname like 'pub\\_to\\_%' order by 1`,
      )
    ).map(({ name }) => name);
  const mayWrite = async ({ db }: LinkedRegion, version: number) =>
    (await db.sql<{ may: boolean }>('select workflow.mesh_serves($1) as may', [version]))[0]!.may;
  const serves = async (at: LinkedRegion, from: LinkedRegion) =>
    (await at.db.sql<{ report: { links: Record<string, { serves: number }> } }>('select workflow.link_report() as report'))[0]!.report
      .links[from.memberId]!.serves;

  it('sends a new column and table only when every region has them, and loses no row while the lists change under load', async () => {
    const traffic = mesh.regions.map(({ db, region }) => new Traffic(db, region));
    await eu.db.sql(NEXT_SCHEMA); // one region first; rows go on both ways
    await rounds();
    expect(await publishedColumns(eu)).not.toContain('workflow_runs.extra');
    expect(await mayWrite(eu, 900)).toBe(false);
    const before = await countRuns(us.db);
    await waitFor(async () => (await countRuns(us.db)) > before + 30, { until: 'rows still travel', timeoutMs: 60_000 });

    await us.db.sql(NEXT_SCHEMA);
    await mesh.reconcile(
      async () =>
        (await Promise.all(mesh.regions.map((region) => publishedColumns(region)))).every((names) => names.includes('notes.note')),
      {
        what: 'both regions publish the new version',
      },
    );
    expect(await publishedColumns(eu)).toContain('workflow_runs.extra');
    await mesh.reconcile(async () => (await serves(eu, us)) === 900 && (await serves(us, eu)) === 900, {
      what: 'both links serve the new version',
    });
    await mesh.reconcile(() => mayWrite(eu, 900), { what: 'eu knows that it may write what is new' });
    const after = await countRuns(us.db);
    await waitFor(async () => (await countRuns(us.db)) > after + 30, { until: 'rows travel on', timeoutMs: 60_000 });
    await Promise.all(traffic.map((one) => one.stop()));
    await waitFor(async () => (await digestOf(eu.db)) === (await digestOf(us.db)), { until: 'no row was lost', timeoutMs: 60_000 });
    const stats = (await Promise.all(mesh.regions.map(({ reader }) => reader.stats()))).flat();
    expect(stats.map(({ applyErrors, updatesMissing }) => applyErrors + updatesMissing)).toEqual([0, 0]);
  });

  it('then carries what is written into them', async () => {
    const [runId] = await writeRuns(eu.db, { tenant: 'eu' });
    await eu.db.sql(`update workflow.workflow_runs set extra = 'seen', revision = revision + 1 where run_id = $1`, [runId]);
    await eu.db.sql(`insert into workflow.notes values (gen_random_uuid(), 'global', 1, 1, 'a note')`);
    await waitFor(async () => (await us.db.sql('select from workflow.notes')).length === 1, { until: 'the note has arrived' });
    expect(await us.db.sql('select note from workflow.notes')).toEqual([{ note: 'a note' }]);
    expect(await us.db.sql('select extra from workflow.workflow_runs where run_id = $1', [runId])).toEqual([{ extra: 'seen' }]);
  });

  it('brings a table that came while a link was sealed, with what was written into it, after the unseal', async () => {
    const sealed = `sub_${us.server.shortId}_from_${eu.server.shortId}`;
    await us.db.sql('insert into workflow.region_seals (member_id, epoch, sealed_at) values ($1, 2, now())', [eu.memberId]);
    await us.db.sql('select workflow.switch_link($1, false)', [eu.memberId]);
    await waitFor(
      async () => (await us.db.sql('select from pg_stat_subscription where subname = $1 and pid is not null', [sealed])).length === 0,
    );
    for (const { db } of mesh.regions) await db.sql(SCHEMA_AFTER_NEXT);
    await mesh.reconcile(async () => (await publishedColumns(eu)).includes('marks.mark'), { what: 'eu publishes the table' });
    await eu.db.sql(`insert into workflow.marks values (gen_random_uuid(), 'global', 1, 1, 'made while sealed')`);
    expect(await mayWrite(eu, 901)).toBe(false);

    await us.db.sql('delete from workflow.region_seals');
    await mesh.reconcile(() => mayWrite(eu, 901), { what: 'eu knows that its peer reads the table' });
    expect(await us.db.sql('select mark from workflow.marks')).toEqual([{ mark: 'made while sealed' }]);
  });

  it('never takes a published version back', async () => {
    await eu.db.sql('delete from workflow.schema_migrations where version >= 900');
    await rounds();
    expect(await publishedColumns(us)).toContain('notes.note');
    expect(await publishedColumns(eu)).toContain('notes.note');
  });
});
