import { waitFor } from '@singularity-workflow/testkit';
import { type LinkedRegion, LinkedRegions } from '../support/linked-regions.js';
import { writeRuns } from '../support/traffic.js';

jest.setTimeout(300_000);

describe('in a mesh with zones', () => {
  let mesh: LinkedRegions;
  let eu: LinkedRegion;
  let us: LinkedRegion;
  let ap: LinkedRegion;

  beforeAll(async () => {
    mesh = await LinkedRegions.start(3, { zones: ['emea', 'emea', 'asia'] });
    [eu, us, ap] = mesh.regions as [LinkedRegion, LinkedRegion, LinkedRegion];
    await mesh.found();
    await mesh.link();
  });

  afterAll(async () => {
    await mesh?.close();
  });

  const residenciesAt = async ({ db }: LinkedRegion) => {
    const tables = ['workflow_runs', 'step_states', 'step_tasks'];
    const rows = await db.sql<{ residency: string }>(tables.map((table) => `select residency from workflow.${table}`).join(' union '));
    return rows.map(({ residency }) => residency).toSorted();
  };

  it('a row goes only to regions of its zone; what belongs to everybody goes to all', async () => {
    for (const residency of ['emea', 'global', 'asia'])
      await writeRuns(residency === 'asia' ? ap.db : eu.db, { tenant: residency, residency });
    await waitFor(async () => (await residenciesAt(us)).length === 2, { until: 'us has its own' });
    await waitFor(async () => (await residenciesAt(ap)).length === 2, { until: 'ap has its own' });
    const [runId] = await writeRuns(eu.db, { tenant: 'last' }); // behind all of them in eu's stream
    await waitFor(async () => (await ap.db.sql('select from workflow.workflow_runs where run_id = $1', [runId])).length === 1);
    expect(await residenciesAt(eu)).toEqual(['emea', 'global']);
    expect(await residenciesAt(us)).toEqual(['emea', 'global']);
    expect(await residenciesAt(ap)).toEqual(['asia', 'global']);
  });

  it('a copy brings no foreign row either', async () => {
    const [former] = (await ap.reader.links()).filter(({ region }) => region === 'eu');
    await ap.store.dropLink(ap.token, {
      subscription: `sub_${ap.server.shortId}_from_${eu.server.shortId}`,
      reachable: true,
      reason: 'a test',
    });
    await ap.db.sql('truncate workflow.workflow_runs, workflow.step_states, workflow.step_tasks');
    await mesh.link();
    expect((await ap.reader.links()).find(({ region }) => region === 'eu')!.slot).not.toBe(former!.slot);
    expect(await residenciesAt(ap)).toEqual(['global']);
  });

  it('every table of every publication has the filter of its destination', async () => {
    const filters = async (from: LinkedRegion, to: LinkedRegion) =>
      (
        await from.db.sql<{ rowfilter: string }>(`select distinct rowfilter from pg_publication_tables where pubname = $1`, [
          `pub_to_${to.server.shortId}`,
        ])
      ).map(({ rowfilter }) => rowfilter);
    expect(await filters(eu, us)).toEqual([`(residency = ANY (ARRAY['global'::text, 'emea'::text]))`]);
    expect(await filters(eu, ap)).toEqual([`(residency = ANY (ARRAY['global'::text, 'asia'::text]))`]);
  });

  it('a filter that somebody took away is put back', async () => {
    const publication = `pub_to_${ap.server.shortId}`;
    await eu.db.sql(
      `alter publication ${publication} drop table workflow.step_attempts; alter publication ${publication} add table workflow.step_attempts`,
    );
    await eu.reconciler.round(eu.token);
    expect(await eu.db.sql('select tablename from pg_publication_tables where pubname = $1 and rowfilter is null', [publication])).toEqual(
      [],
    );
  });

  it('verify_residency finds nothing, and what somebody did by hand', async () => {
    for (const { reader } of mesh.regions) expect(await reader.verifyResidency()).toEqual([]);
    const ofUs = `pub_to_${us.server.shortId}`;
    await writeRuns(eu.db, { tenant: 'foreign', residency: 'asia' });
    await eu.db.sql(`alter publication ${ofUs} drop table workflow.step_attempts`);
    await eu.db.sql(`alter publication ${ofUs} add table workflow.step_attempts`);
    await us.db.sql(
      `alter subscription sub_${us.server.shortId}_from_${eu.server.shortId} set publication pub_to_${ap.server.shortId} with (refresh = false)`,
    );
    const found = await waitFor(
      async () => {
        const rows = await eu.reader.verifyResidency();
        return rows.some(({ what }) => what === 'reader') ? rows : null;
      },
      { until: 'the worker reads the other publication' },
    );
    expect(found.map(({ what, subject }) => `${what} ${subject}`)).toEqual([
      'foreign_rows step_states',
      'foreign_rows step_tasks',
      'foreign_rows workflow_runs',
      `publication ${ofUs}.step_attempts`,
      `reader sub_${us.server.shortId}_from_${eu.server.shortId}`,
    ]);
    expect(found[2]!.sentence).toBe('1 rows of asia in emea, which is not their zone');
    expect(found[3]!.sentence).toContain(`sends step_attempts with the filter none, and its destination may have (residency = ANY`);

    await us.db.sql(`alter subscription sub_${us.server.shortId}_from_${eu.server.shortId} set publication ${ofUs} with (refresh = false)`);
    await eu.db.sql(`delete from workflow.workflow_runs where residency = 'asia'`);
    await eu.db.sql(`delete from workflow.step_states where residency = 'asia'`);
    await eu.db.sql(`delete from workflow.step_tasks where residency = 'asia'`);
    await eu.reconciler.round(eu.token);
    await waitFor(async () => (await eu.reader.verifyResidency()).length === 0, { until: 'all is as it must be' });
  });

  it('a sealed link stays disabled, even one that is made anew, until nothing seals it', async () => {
    const linkFromEu = async () => (await us.reader.links()).find(({ region }) => region === 'eu')!;
    await us.db.sql('insert into workflow.region_seals (member_id, epoch, sealed_at) values ($1, 2, now())', [eu.memberId]);
    await us.store.dropLink(us.token, {
      subscription: `sub_${us.server.shortId}_from_${eu.server.shortId}`,
      reachable: true,
      reason: 'a test',
    });
    for (let look = 0; look < 5; look += 1) for (const { reconciler, token } of mesh.regions) await reconciler.round(token);
    expect(await linkFromEu()).toMatchObject({ subscribed: true, enabled: false, sealed: true });
    expect(await us.store.unseal(us.token, eu.memberId)).toBe(false);
    await us.db.sql('delete from workflow.region_seals');
    await mesh.link();
    expect(await linkFromEu()).toMatchObject({ enabled: true, whole: true });
  });
});
