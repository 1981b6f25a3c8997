// What operators and settings have groups do, over real links and by the monitors alone: evacuate, restore, move, fall back, and fail back.
import { type TestDatabase, waitFor } from '@singularity-workflow/testkit';
import { type LinkedRegion, LinkedRegions } from '../support/linked-regions.js';
import { leftMsAt, logsAgree, Monitors, placesAt } from '../support/monitors.js';
import { RegionWork } from '../support/region-work.js';

jest.setTimeout(600_000);

const SOON = { timeoutMs: 120_000, everyMs: 50 };
const LEASE_MS = 10_000;
const tenants = Array.from({ length: 30 }, (_, n) => `tenant-${n}`);
let mesh: LinkedRegions;
let monitors: Monitors;
let [eu, us, ap]: LinkedRegion[] = [];

beforeAll(async () => {
  mesh = await LinkedRegions.start(3, { settings: { transaction_timeout: `${LEASE_MS - 500}ms` } });
  [eu, us, ap] = mesh.regions as [LinkedRegion, LinkedRegion, LinkedRegion];
  await mesh.found();
  await mesh.link();
  for (const { db } of mesh.regions) await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }] });
  monitors = new Monitors(mesh, { heartbeatMs: 200, leaseMs: LEASE_MS, marginMs: 1_000 }, { homes: true, failbackAfterMs: 1_000 });
  await monitors.startAll();
  await live();
});
afterAll(async () => {
  await monitors?.stopAll();
  await mesh?.close();
});

const live = () =>
  waitFor(async () => (await Promise.all(mesh.regions.map(({ region }) => leftMsAt(mesh, region)))).every((left) => left !== null), {
    ...SOON,
    until: 'all regions have their leases',
  });

/** Asks at a region, and waits for what became of it. */
async function ask(at: LinkedRegion, command: string, given: object): Promise<string> {
  const [row] = await at.db.as('workflow_router').call<{ command_id: string }>('request_region_command', [{ command, arguments: given }]);
  return waitFor(
    async () => {
      const [seen] = await at.db.sql<{ state: string; outcome: string }>(
        'select state, outcome from workflow.region_commands where command_id = $1',
        [row!.command_id],
      );
      if (seen!.state === 'failed') throw new Error(seen!.outcome);
      return seen!.state === 'done' ? seen!.outcome : null;
    },
    { ...SOON, until: `${command} is done` },
  );
}

const places = () => placesAt(mesh, 'ap');
const homeOf = async (tenant: string, { db }: { db: TestDatabase } = ap!): Promise<string> =>
  (await db.sql<{ region: string }>('select region from workflow.home_of(array[$1])', [tenant]))[0]!.region;

describe('under load', () => {
  let work: RegionWork;
  beforeAll(async () => {
    work = new RegionWork(mesh.regions, tenants);
    work.start();
    await work.more(60);
  });
  afterAll(() => work.stop());

  it('an evacuated region hands its groups to the others, evenly, and they stay there', async () => {
    const before = await places();
    expect(await ask(eu!, 'evacuate', {})).toBe('eu holds no group any more');
    expect(await places()).toEqual({ ap: 128, us: 128 });
    expect(before).toEqual({ ap: 86, eu: 85, us: 85 });
    await work.more(60);
    expect(await places()).toEqual({ ap: 128, us: 128 }); // failback gives back what was taken, not what was handed out
  });

  it('each region that is asked to gives back what came from it', async () => {
    await ask(us!, 'restore', { region: 'eu' });
    await ask(ap!, 'restore', { region: 'eu' });
    expect(await places()).toEqual({ ap: 86, eu: 85, us: 85 });
    await work.more(60);
  });

  it('every region can say afterwards what moved, why, and how long it had no home', async () => {
    for (const { db, region } of mesh.regions) {
      const told = (kind: string) =>
        db.sql<{ former: string; reason: string; without_ms: number | null }>(
          'select former, reason, without_ms::int from workflow.failover_events where kind = $1 order by event_id',
          [kind],
        );
      const moved = await told('groups_moved');
      const why = (from: string) => [
        ...new Set(moved.filter(({ former }) => former === from).map(({ reason }) => reason.replace(/^.*?: | \(epoch.*$/g, ''))),
      ];
      expect([why('eu'), why('us'), why('ap')]).toEqual([
        ['an operator empties eu'],
        ['an operator gives them back'],
        ['an operator gives them back'],
      ]);
      expect(moved.every(({ without_ms: ms }) => ms !== null && ms >= 0)).toBe(true);
      await waitFor(async () => (await told('groups_adopted')).length > 0, { ...SOON, until: `${region} tells of what it adopted` });
      expect((await told('groups_adopted')).every(({ without_ms: ms }) => ms !== null && ms >= 0)).toBe(true);
    }
  });

  it('one tenant is moved by the region that is its home', async () => {
    const tenant = 'tenant-3';
    const home = mesh.at(await homeOf(tenant));
    const target = mesh.regions.find((region) => region !== home)!;
    await ask(home, 'move', { tenants: [tenant], region: target.region });
    expect(await homeOf(tenant, target)).toBe(target.region);
    await waitFor(() => work.executed.get(target.region)?.has(tenant), { ...SOON, until: 'it is executed there' });
  });

  it('every run has ended in the end, and each of its steps was reported once', async () => {
    await work.stop();
    expect([...work.accepted].filter(([, by]) => by.length > 1)).toEqual([]);
    expect(work.accepted.size).toBe(2 * work.runs.length);
  });
});

it('a group whose target cannot have it goes on where it is', async () => {
  const [group] = await eu!.db.sql<{ group: string }>(
    `select placement_group as group from workflow.placement where region = 'eu' and placement_group not like 'tenant/%' order by 1 limit 1`,
  );
  const [link] = await us!.db.sql<{ name: string }>('select workflow.subscription_of($1) as name', [eu!.memberId]);
  await us!.db.sql(`alter subscription ${link!.name} disable`); // us confirms nothing of what eu writes
  const command = { command: 'move', arguments: { groups: [group!.group], region: 'us' } };
  const moving = async () => (await eu!.db.sql<{ mark: string }>('select mark from workflow.group_moves'))[0]?.mark ?? null;
  await eu!.db.as('workflow_router').call('request_region_command', [command]);
  await waitFor(async () => (await moving()) === 'stopped', { ...SOON, until: 'it is stopped' });
  await waitFor(async () => (await moving()) === null, { ...SOON, until: 'the move is given up' });
  expect(
    monitors
      .at('eu')
      .logger.events('region_decided')
      .map(({ sentence }) => sentence),
  ).toContain('give up moves: 1 group stays: us has not confirmed what was written of them');
  const [place] = await eu!.db.sql('select region from workflow.placement where placement_group = $1', [group!.group]);
  expect(place).toEqual({ region: 'eu' });
  await us!.db.sql(`alter subscription ${link!.name} enable`);
  await eu!.db.sql(
    `update workflow.region_commands set state = 'failed', finished_at = now(), outcome = 'given up' where finished_at is null`,
  );
});

it('a lost region gets back what was taken from it; a tenant with a fallback waits there meanwhile', async () => {
  const tenant = 'with-fallback';
  const home = mesh.at(await homeOf(tenant));
  const [winner, fallback] = mesh.regions.filter((region) => region !== home) as [LinkedRegion, LinkedRegion];
  await ask(home, 'register', { tenants: [{ tenant_id: tenant, fallback_regions: [fallback.region] }] });
  const before = await places();
  // The fallback has less of the stream of the region that is lost, so the other one wins all of it.
  const [link] = await fallback.db.sql<{ name: string }>('select workflow.subscription_of($1) as name', [home.memberId]);
  await fallback.db.sql(`alter subscription ${link!.name} disable`);
  const [own] = await home.db.sql<{ tenant: string }>(
    `select h.tenant_id as tenant from workflow.home_of($1) h where h.region = $2 limit 1`,
    [tenants, home.region],
  );
  const runId = await home.db.make.start('w', {}, { tenant_id: own!.tenant });
  await waitFor(async () => (await winner.db.sql('select from workflow.workflow_runs where run_id = $1', [runId])).length === 1, {
    ...SOON,
    until: 'the winner has it',
  });
  await home.server.server.crash();
  await waitFor(async () => (await homeOf(tenant, winner)) === fallback.region, { ...SOON, until: 'it is at home in its fallback region' });
  expect(await placesAt(mesh, winner.region)).toEqual({
    [winner.region]: before[winner.region]! + before[home.region]! - 1,
    [fallback.region]: before[fallback.region]! + 1,
  });

  await home.server.server.restart();
  await waitFor(async () => JSON.stringify(await placesAt(mesh, home.region)) === JSON.stringify(before), {
    ...SOON,
    until: 'it has everything back',
  });
  expect(await homeOf(tenant, home)).toBe(home.region);
  await waitFor(() => logsAgree(mesh, ['eu', 'us', 'ap']), { ...SOON, until: 'all know the same' });
});
