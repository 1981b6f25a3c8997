import { applyErrors, waitFor } from '@singularity-workflow/testkit';
import { type LinkedRegion, LinkedRegions } from '../support/linked-regions.js';
import { countRuns, digestOf, Traffic, writeRuns } from '../support/traffic.js';

jest.setTimeout(300_000);

type Four = [LinkedRegion, LinkedRegion, LinkedRegion, LinkedRegion];

describe('a fourth region', () => {
  let mesh: LinkedRegions;
  let eu: LinkedRegion;
  let us: LinkedRegion;
  let ap: LinkedRegion;
  let sa: LinkedRegion;

  beforeAll(async () => {
    mesh = await LinkedRegions.start(4);
    [eu, us, ap, sa] = mesh.regions as Four;
    await mesh.found([eu, us, ap]);
    await mesh.link([eu, us, ap]);
  });

  afterAll(async () => {
    await mesh?.close();
  });

  it('joins while all others write, and has what they have', async () => {
    const before = await writeRuns(eu.db, { tenant: 'eu', runs: 1_000 });
    const traffic = [eu, us, ap].map(({ db, region }) => new Traffic(db, region));
    // A transaction that is open for long at one of them holds up the slot there, and nothing else.
    const open = await ap.db.session();
    await open.begin();
    await open.sql(`insert into workflow.step_attempts (run_id, step_slug, task_index, attempt, home_epoch, written_tick, reported, error, failed_at)
                    values (uuidv7(), 'a', 0, 1, 1, 0, true, '{}', now())`);

    await mesh.step(sa, 'joining', [eu, us, ap]);
    await mesh.join(sa, eu);
    await mesh.reconcile(async () => (await sa.reader.links()).filter(({ whole }) => whole).length === 2, {
      what: 'two links to the joiner are whole',
    });
    expect(sa.reconciler.details().waiting).toEqual([
      expect.stringMatching(/^slot sub_\w+ is being made at ap: it waits for transactions/),
    ]);
    await open.commit();
    await mesh.link();
    traffic.push(new Traffic(sa.db, 'sa'));
    await waitFor(async () => (await countRuns(eu.db)) > before.length + 200, {
      until: 'another 200 runs were written',
      timeoutMs: 120_000,
    });
    const written = await Promise.all(traffic.map((one) => one.stop()));

    await waitFor(async () => new Set(await Promise.all(mesh.regions.map(({ db }) => digestOf(db)))).size === 1, {
      until: 'all four have the same rows',
      timeoutMs: 120_000,
    });
    expect(await countRuns(sa.db)).toBe(before.length + written.reduce((sum, one) => sum + one, 0));
    const stats = (await Promise.all(mesh.regions.map(({ reader }) => reader.stats()))).flat();
    expect(stats.map(({ updatesMissing }) => updatesMissing)).toEqual(Array.from({ length: 12 }, () => 0));
    for (const { db } of mesh.regions) {
      expect(await applyErrors(db)).toBe(0);
      expect(await db.sql('select kind, count(*) from workflow.replication_conflicts group by 1')).toEqual([]);
    }
  });

  it('that copies again makes its links anew, over filled tables, and loses nothing', async () => {
    await mesh.step(sa, 'full');
    await mesh.step(sa, 'retiring');
    const [held] = await sa.db.sql<{ groups: number }>('select count(*) as groups from workflow.placement where member_id = $1', [
      sa.memberId,
    ]);
    expect(held!.groups).toBe(0);
    const former = (await sa.reader.links()).map(({ slot }) => slot);
    const runs = await countRuns(sa.db);
    await mesh.step(sa, 'copying');
    await mesh.reconcile(async () => (await mesh.isLinked(sa, 3)) && (await sa.reader.links()).every(({ outdated }) => !outdated), {
      what: 'the links of the copying member are made anew',
    });
    expect((await sa.reader.links()).map(({ slot }) => slot)).toEqual(former.map((name) => `${name}_2`));
    await writeRuns(us.db, { tenant: 'us' });
    await waitFor(async () => (await countRuns(sa.db)) === runs + 1, { until: 'what is written now arrives' });
    await mesh.reconcile(async () => (await eu.db.sql(`select from pg_replication_slots where slot_name = $1`, [former[0]])).length === 0, {
      what: 'the former slots are dropped',
    });
    expect(await digestOf(sa.db)).toBe(await digestOf(eu.db));
  });
});
