// What the monitors of a mesh decide is read afterwards in every region, and stands in their logs with the same words.
import { useTestMesh, waitFor } from '@singularity-workflow/testkit';
import { tellRegionEvents } from '../../src/regions/index.js';
import { Database, EntitySource, LeaseReader } from '../../src/store/index.js';
import { leftMsAt, Monitors } from '../support/monitors.js';
import { RecordingLogger } from '../support/recording-logger.js';

const mesh = useTestMesh(['asia', 'eu', 'us']);
const ALL = ['asia', 'eu', 'us'];
const SOON = { timeoutMs: 60_000 };
jest.setTimeout(240_000);
let monitors: Monitors;
beforeAll(async () => {
  for (const { db } of mesh.regions) {
    const session = await db.session('admin');
    await session.sql(`alter database ${db.name} set transaction_timeout = '2500ms'`);
    await session.close();
  }
});
beforeEach(() => {
  monitors = new Monitors(mesh, { heartbeatMs: 150, leaseMs: 3_000, marginMs: 700 }, { homes: true });
});
afterEach(() => monitors.stopAll());

interface Row {
  kind: string;
  subject: string;
  former: string | null;
  successor: string | null;
  reason: string;
  without_ms: number | null;
}
const told = (at: string, ...kinds: string[]) =>
  mesh
    .at(at)
    .db.sql<Row>(
      `select kind, subject, former, successor, reason, without_ms::int from workflow.failover_events where kind = any ($1) order by event_id`,
      [kinds],
    );
const isTold = (at: string, kind: string, about: string) =>
  waitFor(async () => (await told(at, kind)).some(({ reason }) => reason.includes(about)), {
    ...SOON,
    until: `${at} tells ${kind}: ${about}`,
  });
const allHoldLeases = () =>
  waitFor(async () => (await Promise.all(ALL.map((region) => leftMsAt(mesh, region)))).every((left) => left !== null && left < 4_000), {
    ...SOON,
    until: 'all hold their leases',
  });

it('a region that is lost: who suspected and sealed it, where its groups went, how long nobody executed them; also in itself when it is back', async () => {
  await monitors.startAll();
  await allHoldLeases();
  for (const region of ALL) await isTold(region, 'mesh_founded', 'the mesh of asia, eu, us begins');
  await monitors.takeDown('us');
  for (const region of ['asia', 'eu']) {
    await isTold(region, 'groups_taken', '85 groups of us go to asia (42), eu (43); sealed by asia, eu, granted no lease for ');
    await isTold(region, 'groups_adopted', `${region} executes ${region === 'asia' ? 42 : 43} groups of us, after `);
    // On a slow machine somebody else may have been suspected for a moment, too.
    const ofUs = async (kind: string) => (await told(region, kind)).filter(({ subject }) => subject === 'us').at(-1);
    expect(await ofUs('member_suspected')).toMatchObject({ reason: expect.stringMatching(`^${region} suspects us: `) as string });
    const sealed = await ofUs('member_sealed');
    expect(sealed!.reason).toMatch(/ grants us no lease and takes nothing from it: [23] of 3 members suspect us$/);
    const [taken] = await told(region, 'groups_taken');
    expect(taken).toMatchObject({ subject: 'us', former: 'us', successor: 'asia, eu' });
    expect(taken!.without_ms).toBeGreaterThan(0);
    const [adopted] = await told(region, 'groups_adopted');
    expect(adopted!.without_ms).toBeGreaterThan(0);
  }
  await monitors.bringUp('us');
  await isTold('us', 'groups_taken', '85 groups of us go to asia (42), eu (43); sealed by asia, eu, granted no lease for ');
  await isTold('us', 'region_lease_won', 'us has its lease again after ');
  for (const region of ['asia', 'eu'])
    await isTold(region, 'member_unsealed', `${region} takes what us writes again: it knows epoch 2, which deposed it`);
  const { logger } = monitors.at('eu');
  const kinds = ['mesh_founded', 'groups_taken', 'groups_adopted', 'member_suspected', 'member_sealed', 'member_unsealed'];
  const lines = () => logger.events('region_event').filter(({ kind }) => kinds.includes(String(kind))).map(({ sentence }) => sentence); // prettier-ignore
  await waitFor(async () => (await told('eu', ...kinds)).every(({ reason }) => lines().includes(reason)), {
    ...SOON,
    until: 'the log has all of it',
  });
  expect(new Set(lines()).size).toBe(lines().length);
});

it('a region that an operator empties: who asked, and that it did not work', async () => {
  await monitors.startAll();
  await allHoldLeases();
  const command = { command: 'evacuate', arguments: { region: 'us', drain_ms: 2_000 }, requested_by: 'ops (key 17)' };
  await mesh
    .at('us')
    .db.as('workflow_router')
    .call('request_region_command', [JSON.stringify(command)]);
  await isTold('us', 'moves_begun', ': ops (key 17) empties us');
  await isTold('us', 'moves_given_up', ' has not confirmed what was written of them'); // there are no links here
  expect(await told('us', 'groups_moved')).toEqual([]);
});

it('what was recorded while nobody led is told, long before is not, and what another transaction overtook is; what got well is no warning', async () => {
  await mesh.found();
  const { db } = mesh.at('eu');
  const logger = new RecordingLogger();
  const database = new Database({ url: db.url('workflow_monitor'), poolSize: 1 });
  try {
    const duty = tellRegionEvents({ events: new LeaseReader(new EntitySource(database)), logger });
    const tick = () => duty.tick(1, new AbortController().signal);
    const note = (session: { sql(text: string, values?: unknown[]): Promise<unknown> }, reason: string) =>
      session.sql(`select workflow.note_region_event('region_renewed', 'eu', $1)`, [reason]);
    await db.sql('delete from workflow.failover_events');
    await note(db, 'long before');
    await db.sql(`update workflow.failover_events set occurred_at = occurred_at - interval '11 minutes'`);
    await note(db, 'while nobody led');
    await db.sql(`select workflow.note_region_event('region_lease_lost', 'eu', 'this, too')`);
    await tick();
    await tick();
    const slow = await db.session('admin');
    await slow.begin();
    await note(slow, 'the first');
    await note(db, 'the second');
    await tick();
    await slow.commit();
    await tick();
    await tick();
    expect(logger.events('region_event').map(({ level, reason }) => [level, reason])).toEqual([
      ['info', 'while nobody led'],
      ['warn', 'this, too'],
      ['info', 'the second'],
      ['info', 'the first'],
    ]);
  } finally {
    await database.close();
  }
});
