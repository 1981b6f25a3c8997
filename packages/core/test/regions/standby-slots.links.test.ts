// R17 with a real standby: what the other regions are sent waits for it while it lives, and not when it is dead.
import { STANDBY_NAME, StandbyServer, waitFor } from '@singularity-workflow/testkit';
import { archiveLog } from '../support/log-archive.js';
import { type LinkedRegion, LinkedRegions } from '../support/linked-regions.js';
import { countRuns, writeRuns } from '../support/traffic.js';

jest.setTimeout(300_000);

describe('a region with a standby', () => {
  let mesh: LinkedRegions;
  let eu: LinkedRegion;
  let us: LinkedRegion;
  let standby: StandbyServer | null = null;

  beforeAll(async () => {
    mesh = await LinkedRegions.start(2);
    [eu, us] = mesh.regions as [LinkedRegion, LinkedRegion];
    await mesh.found();
    await mesh.link();
    await administrate('revoke alter system on parameter synchronized_standby_slots from workflow_monitor_login');
    standby = await StandbyServer.of(eu.server.server, eu.server.settings);
    await mesh.link();
  });
  afterAll(async () => {
    await standby?.close();
    await mesh?.close();
  });

  const administrate = async (...statements: string[]) => {
    const session = await eu.db.session('admin');
    for (const statement of statements) await session.sql(statement);
    await session.close();
  };
  const setting = async () =>
    (await eu.db.sql<{ value: string }>(`select current_setting('synchronized_standby_slots') as value`))[0]!.value;
  const isSetTo = (value: string) =>
    mesh.reconcile(async () => (await setting()) === value, { of: [eu], what: `synchronized_standby_slots is '${value}'` });
  const told = () =>
    eu.db.sql<{ reason: string }>(
      `select subject, former, successor, reason from workflow.failover_events where kind = 'standby_slots_set' order by event_id`,
    );
  const findings = () => eu.reconciler.details().wrongSettings.filter((sentence) => sentence.startsWith('synchronized_standby_slots'));

  it('names the setting while its monitor may not set it', async () => {
    await mesh.reconcile(async () => findings().length > 0, { of: [eu], what: 'it is found' });
    expect(findings()).toEqual([
      expect.stringMatching(`^synchronized_standby_slots is empty, wanted ${STANDBY_NAME}: peers would be ahead`),
    ]);
    expect(await setting()).toBe('');
    expect(await told()).toEqual([]);
    await administrate('grant alter system on parameter synchronized_standby_slots to workflow_monitor_login');
  });

  it('sets it by itself, once, without being a superuser', async () => {
    await isSetTo(STANDBY_NAME);
    for (let rounds = 0; rounds < 5; rounds += 1) await eu.reconciler.round(eu.token);
    expect(await told()).toEqual([
      { subject: 'eu', former: '', successor: STANDBY_NAME, reason: `wait for standby ${STANDBY_NAME} from now on: it streams` },
    ]);
    expect(eu.logger.events('mesh_decided').map(({ sentence }) => sentence)).toContain(
      `wait for standby ${STANDBY_NAME} from now on: it streams`,
    );
    expect(findings()).toEqual([]);
    const [login] = await eu.monitor.query<{ rolsuper: boolean }>('select rolsuper from pg_roles where rolname = current_user');
    expect(login!.rolsuper).toBe(false);
  });

  it('waits for no archive of the log: that never says what it has replayed', async () => {
    await administrate(`select pg_create_physical_replication_slot('archive', true)`);
    const archive = await archiveLog(eu.db.url(), 'archive');
    try {
      const streams = async () =>
        (await eu.db.sql(`select from pg_replication_slots s join pg_stat_replication r on r.pid = s.active_pid
                           where s.slot_name = 'archive' and r.state = 'streaming'`)).length === 1; // prettier-ignore
      await waitFor(streams, { until: 'the archive streams', timeoutMs: 60_000 });
      await eu.reconciler.round(eu.token);
      expect(await streams()).toBe(true);
      expect(await setting()).toBe(STANDBY_NAME);
      expect(await told()).toHaveLength(1);
    } finally {
      await archive.close();
    }
  });

  it('sends the other regions what the standby has', async () => {
    const before = await countRuns(us.db);
    await writeRuns(eu.db, { tenant: 'eu', runs: 3 });
    await waitFor(async () => (await countRuns(us.db)) === before + 3, { until: 'us has the rows', timeoutMs: 60_000 });
    expect(await setting()).toBe(STANDBY_NAME);
  });

  it('holds them up when the standby is gone, until it is taken out', async () => {
    await standby!.close();
    standby = null;
    await waitFor(
      async () => (await eu.db.sql('select from pg_replication_slots where slot_name = $1 and active', [STANDBY_NAME])).length === 0,
      {
        until: 'its slot has nobody',
        timeoutMs: 60_000,
      },
    );
    const before = await countRuns(us.db);
    await writeRuns(eu.db, { tenant: 'eu', runs: 2 });
    await waitFor(
      async () => (await eu.db.sql(`select from pg_stat_activity where wait_event = 'WaitForStandbyConfirmation'`)).length > 0,
      {
        until: 'the link to us waits for the standby',
        timeoutMs: 60_000,
      },
    );
    expect(await countRuns(us.db)).toBe(before);
    // Whoever manages the standbys has not given it up: it may be promoted yet.
    await administrate(`alter system set synchronous_standby_names = '${STANDBY_NAME}'`, 'select pg_reload_conf()');
    const waits = () => eu.reconciler.details().waiting.filter((sentence) => sentence.startsWith('peers go on waiting'));
    await mesh.reconcile(async () => waits().length > 0, { of: [eu], what: 'it says why peers wait' });
    expect(waits()).toEqual([
      expect.stringMatching(`^peers go on waiting for standby ${STANDBY_NAME}: it has been away for more than 5000 ms`),
    ]);
    expect(await setting()).toBe(STANDBY_NAME);
    await administrate('alter system reset synchronous_standby_names', 'select pg_reload_conf()');
    await isSetTo('');
    await waitFor(async () => (await countRuns(us.db)) === before + 2, { until: 'us has what waited', timeoutMs: 60_000 });
    expect((await told()).slice(1)).toEqual([
      {
        subject: 'eu',
        former: STANDBY_NAME,
        successor: '',
        reason: `wait for standby ${STANDBY_NAME} no more: it has been away for more than 5000 ms`,
      },
    ]);
  });

  it('takes out a slot that an earlier primary was waiting for: a promoted standby may have its setting, and not its slots', async () => {
    await administrate(
      `select pg_drop_replication_slot('${STANDBY_NAME}')`,
      `select pg_create_physical_replication_slot('former', true)`,
      `alter system set synchronized_standby_slots = 'former'`,
      `select pg_reload_conf()`,
    );
    await waitFor(async () => (await setting()) === 'former', { until: 'the setting counts' });
    await administrate(`select pg_drop_replication_slot('former')`);
    await isSetTo('');
    expect((await told()).at(-1)).toMatchObject({ reason: 'wait for standby former no more: it has no slot here' });
  });

  it('takes one connection to set it, however many monitors try at once', async () => {
    const change = { former: '', slots: [], sentence: 'wait for standby nobody no more: it has no slot here' };
    await Promise.all(Array.from({ length: 4 }, () => eu.store.setStandbySlots(eu.token, change))); // as many as its pool has
    expect((await told()).filter(({ reason }) => reason === change.sentence)).toHaveLength(4);
  });
});
