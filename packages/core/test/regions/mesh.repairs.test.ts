import { LinkProxy, waitFor } from '@singularity-workflow/testkit';
import { ensureReplication } from '../../src/migrate/index.js';
import { type LinkedRegion, LinkedRegions } from '../support/linked-regions.js';
import { countRuns, digestOf, rewriteRuns, writeRuns } from '../support/traffic.js';

jest.setTimeout(300_000);

const KEEP_SEGMENTS = 4;

describe('the reconciler of the mesh, when something breaks', () => {
  let mesh: LinkedRegions;
  let eu: LinkedRegion;
  let us: LinkedRegion;
  let ap: LinkedRegion;
  /** By which everybody else reaches eu. */
  let toEu: LinkProxy;

  beforeAll(async () => {
    mesh = await LinkedRegions.start(3, {
      settings: {
        max_slot_wal_keep_size: `${KEEP_SEGMENTS * 16}MB`,
        max_wal_size: '64MB',
        wal_sender_timeout: '15s',
        wal_receiver_timeout: '15s',
      },
    });
    [eu, us, ap] = mesh.regions as [LinkedRegion, LinkedRegion, LinkedRegion];
    toEu = await LinkProxy.start(Number(new URL(eu.db.url()).port));
    await mesh.address((_, { region }) => (region === 'eu' ? toEu.port : undefined));
    await mesh.found();
    await mesh.link();
  });

  afterEach(() => toEu.heal());

  afterAll(async () => {
    await mesh?.close();
    await toEu?.close();
  });

  const sameAt = (...regions: LinkedRegion[]) =>
    waitFor(async () => new Set(await Promise.all(regions.map(({ db }) => digestOf(db)))).size === 1, {
      until: 'these regions have the same rows',
      timeoutMs: 60_000,
    });
  const linkFromEu = async () => (await us.reader.links()).find(({ region }) => region === 'eu')!;
  const positionAtUs = async () =>
    (await us.db.sql<{ position: string | null }>('select workflow.link_position($1)::text as position', [eu.memberId]))[0]!.position;

  it('makes a link anew whose slot was lost, alone and by a copy, and keeps its position until it is whole', async () => {
    const runIds = await writeRuns(eu.db, { tenant: 'eu', runs: 100 });
    await sameAt(eu, us, ap);
    const position = await positionAtUs();
    toEu.cut();
    await waitFor(async () => (await eu.db.sql('select from pg_replication_slots where active')).length === 0, {
      until: 'nobody reads at eu',
    });
    await rewriteRuns(eu.db, runIds);
    await writeRuns(eu.db, { tenant: 'eu', runs: 100 });
    await writeRuns(us.db, { tenant: 'us', runs: 100 });
    await loseSlots(eu);
    const { slot: lost } = await linkFromEu();
    toEu.heal();

    await mesh.reconcile(async () => !(await linkFromEu()).subscribed, { of: [us], what: 'the link is dropped' });
    expect(await positionAtUs()).toBe(position);
    await mesh.link();
    expect((await linkFromEu()).slot).toBe(`${lost}_2`);
    await sameAt(eu, us, ap);
    expect(BigInt(`0x${(await positionAtUs())!.replace('/', '')}`)).toBeGreaterThan(BigInt(`0x${position!.replace('/', '')}`));
    await mesh.reconcile(async () => (await eu.db.sql('select from pg_replication_slots where slot_name = $1', [lost])).length === 0, {
      what: 'the lost slot is dropped',
    });
  });

  it('does not take a peer’s word for its former link for the one that is made anew', async () => {
    const { slot: former } = await linkFromEu();
    toEu.cut();
    const drop = () =>
      eu.db.sql('select pg_drop_replication_slot(slot_name) from pg_replication_slots where slot_name = $1 and not active', [former]);
    await waitFor(async () => (await drop()).length === 1, { until: 'the slot is gone' });
    toEu.heal();
    await mesh.reconcile(async () => ![null, former].includes((await linkFromEu()).slot), { of: [us], what: 'us has made the link anew' });
    const seenAtEu = async () => (await eu.reader.slots()).find(({ region }) => region === 'us')!;
    expect(await seenAtEu()).toMatchObject({ slotName: (await linkFromEu()).slot, healthy: true, whole: false });
    await mesh.link();
    expect(await seenAtEu()).toMatchObject({ slotName: (await linkFromEu()).slot, healthy: true, whole: true });
  });

  it('does nothing about a peer that is dead but to say so, goes on with the others, and the links go on when it is back', async () => {
    const slots = (await us.reader.links()).map(({ slot }) => slot);
    await eu.server.server.crash();
    await Promise.all([us, ap].map(({ reconciler, token }) => reconciler.round(token)));
    expect(us.reconciler.details().waiting).toEqual([expect.stringMatching(/^eu does not answer: /)]);
    const publication = `pub_to_${ap.server.shortId}`;
    await us.db.sql(`alter publication ${publication} drop table workflow.step_attempts`);
    await mesh.reconcile(async () => (await us.reader.links()).every(({ publicationStale }) => publicationStale === false), {
      of: [us],
      what: 'a publication that somebody changed is what it was',
    });
    const before = await countRuns(ap.db);
    await writeRuns(us.db, { tenant: 'us' });
    await waitFor(async () => (await countRuns(ap.db)) === before + 1, { until: 'rows travel between the others' });

    await eu.server.server.restart();
    await mesh.link();
    await sameAt(eu, us, ap);
    expect((await us.reader.links()).map(({ slot }) => slot)).toEqual(slots);
  });

  it('is not held up by a peer whose packets are swallowed', async () => {
    const told = () => us.logger.events('mesh_waiting').filter(({ sentence }) => sentence.startsWith('eu does not answer')).length;
    const toldBefore = told();
    toEu.cut();
    await us.reconciler.round(us.token);
    toEu.heal();
    toEu.swallow();
    const publication = `pub_to_${ap.server.shortId}`;
    await us.db.sql(`alter publication ${publication} drop table workflow.step_attempts`);
    await us.reconciler.round(us.token);
    expect((await us.reader.links()).map(({ publicationStale }) => publicationStale)).toEqual([false, false]);
    expect(us.reconciler.details().waiting).toEqual([expect.stringMatching(/^eu does not answer: /)]);
    expect(told()).toBe(toldBefore + 1); // whatever the reason at each look
    toEu.heal();
    await mesh.link();
  });

  it('gives a link the new password, or address, that REGIONS has', async () => {
    await ensureReplication({ adminUrl: eu.db.url(), password: 'another-password' });
    toEu.cut(); // connections that stand would go on with the former one
    toEu.heal();
    const runIds = await writeRuns(eu.db, { tenant: 'eu' });
    await us.reconciler.round(us.token);
    expect(us.reconciler.details().waiting).toEqual([expect.stringMatching(/^eu does not answer: .*password authentication failed/)]);
    const url = new URL(eu.replicationUrl(toEu.port));
    url.password = 'another-password';
    for (const region of [us, ap]) {
      await region.reconcileBy(new Map(mesh.regions.map((to) => [to.region, to === eu ? url.href : to.replicationUrl()])));
    }
    await eu.reconcileBy(new Map(mesh.regions.map((to) => [to.region, to === eu ? url.href : to.replicationUrl()])));
    await mesh.link();
    await waitFor(async () => (await us.db.sql('select from workflow.workflow_runs where run_id = any ($1)', [runIds])).length === 1, {
      until: 'what was written meanwhile has arrived',
    });
  });

  it('names a setting that is wrong, with the value that it wants, and sets it not', async () => {
    expect(us.reconciler.details().wrongSettings).toEqual([]);
    await us.db.sql(`alter system set idle_replication_slot_timeout = '60s'`);
    await us.db.sql('select pg_reload_conf()');
    await waitFor(
      async () => (await us.db.sql<{ d: string }>(`select current_setting('idle_replication_slot_timeout') as d`))[0]!.d === '1min',
    );
    await us.reconciler.round(us.token);
    await us.reconciler.round(us.token);
    const sentence = 'idle_replication_slot_timeout is 60 s, wanted 0: the slot of a peer that is away for a while would be thrown away';
    expect(us.reconciler.details().wrongSettings).toEqual([sentence]);
    expect(us.logger.events('mesh_setting_wrong').map((line) => line.sentence)).toEqual([sentence]);
    await us.db.sql('alter system reset idle_replication_slot_timeout');
    await us.db.sql('select pg_reload_conf()');
    await mesh.reconcile(async () => us.reconciler.details().wrongSettings.length === 0, { of: [us], what: 'it is right again' });
  });

  it('makes a link anew where the peer’s log is not the one that was applied', async () => {
    const { slot } = await linkFromEu();
    const subscription = `sub_${us.server.shortId}_from_${eu.server.shortId}`;
    await us.db.sql(`alter subscription ${subscription} disable`);
    await waitFor(
      async () => (await us.db.sql('select from pg_stat_subscription where subname = $1 and pid is not null', [subscription])).length === 0,
    );
    await us.db.sql(`select pg_replication_origin_advance('pg_' || oid, 'FF/0') from pg_subscription where subname = $1`, [subscription]);
    const runIds = await writeRuns(eu.db, { tenant: 'eu' });
    await mesh.link();
    expect((await linkFromEu()).slot).not.toBe(slot);
    await waitFor(async () => (await us.db.sql('select from workflow.workflow_runs where run_id = any ($1)', [runIds])).length === 1, {
      until: 'what a worker would have skipped in silence has arrived',
    });
  });

  it('drops the links with a member that is gone, once what it was home of has been adopted everywhere', async () => {
    await ap.server.server.crash();
    const held = await eu.db.sql<{ placement_group: string }>('select placement_group from workflow.placement where member_id = $1', [
      ap.memberId,
    ]);
    const groups = Object.fromEntries(held.map(({ placement_group: group }) => [group, eu.memberId]));
    const left = [eu, us];
    const tenure = await mesh.decide({ kind: 'takeover', from: ap.memberId, region: 'ap', groups }, left);
    await mesh.step(ap, 'retiring', left);
    await mesh.step(ap, 'gone', left);

    for (const { reconciler, token } of left) await reconciler.round(token);
    const subscription = (of: LinkedRegion) => `sub_${of.server.shortId}_from_${ap.server.shortId}`;
    expect(us.reconciler.details().waiting).toEqual([expect.stringMatching(`^${subscription(us)} stays: not every group`)]);
    expect(await namesAt(us, 'pg_publication', 'pubname')).not.toContain(`pub_to_${ap.server.shortId}`);

    await eu.db.sql(
      `insert into workflow.group_adoptions (placement_group, home_epoch, region, member_id, written_tick, adopted_at)
       select p.placement_group, p.tenure, 'eu', p.member_id, 0, now() from workflow.placement p where p.tenure = $1`,
      [tenure],
    );
    const ofFormerSelf = `sub_${eu.server.shortId}_from_${'a'.repeat(12)}`; // as a resync leaves it: this region was another member
    await us.db.sql(`select pg_create_logical_replication_slot($1, 'pgoutput')`, [ofFormerSelf]);
    await mesh.reconcile(
      async () =>
        (await Promise.all(left.map((of) => leftoversOf(of)))).flat().length === 0 &&
        !(await namesAt(us, 'pg_replication_slots', 'slot_name')).includes(ofFormerSelf),
      {
        of: left,
        what: 'nothing of the links with ap is left',
      },
    );
    for (const of of left) expect(await namesAt(of, 'pg_subscription', 'subname')).toHaveLength(1);
    expect(await namesAt(us, 'pg_replication_slots', 'slot_name')).toEqual([`sub_${eu.server.shortId}_from_${us.server.shortId}`]);
  });

  async function leftoversOf(of: LinkedRegion): Promise<string[]> {
    const names = [
      ...(await namesAt(of, 'pg_subscription', 'subname')),
      ...(await namesAt(of, 'pg_publication', 'pubname')),
      ...(await namesAt(of, 'pg_replication_slots', 'slot_name')),
    ];
    return names.filter((name) => name.includes(ap.server.shortId));
  }

  async function namesAt({ db }: LinkedRegion, catalog: string, column: string): Promise<string[]> {
    return (await db.sql<{ name: string }>(`select ${column} as name from ${catalog} order by 1`)).map(({ name }) => name);
  }

  /** Writes more log than slots may keep. */
  async function loseSlots({ db }: LinkedRegion): Promise<void> {
    await waitFor(
      async () => {
        await db.sql(`select pg_logical_emit_message(false, 'test', 'x')`);
        await db.sql('select pg_switch_wal()');
        await db.sql('checkpoint');
        const slots = await db.sql<{ lost: boolean }>(
          `select wal_status = 'lost' as lost from pg_replication_slots where slot_type = 'logical'`,
        );
        return slots.every(({ lost }) => lost);
      },
      { until: 'the slots are lost', timeoutMs: 60_000 },
    );
  }
});
