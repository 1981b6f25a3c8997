// What moves of 100,000 tenants when a region joins, and when one leaves (R4): the decisions as the homes come to them, learned as the log has them.
import { randomUUID } from 'node:crypto';
import { useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import { type HandOver, HOMES_WAKE, sharesOf, spread } from '../../../src/domain/index.js';
import { Database, RegionReader, Wakeups } from '../../../src/store/index.js';

jest.setTimeout(300_000);

const TENANTS = 100_000;
const db = useTestDatabase();
const ids: Record<string, string> = { ap: randomUUID(), sa: randomUUID(), us: randomUUID() };
let database: Database;
let reader: RegionReader;
let epoch = 0;

/** A decision, as this region learns it. */
async function decide(value: object): Promise<void> {
  await db.sql('select workflow.learn_entry($1, $2, now())', [(epoch += 1), JSON.stringify({ version: 1, ...value })]);
}

async function step(region: string, state: string): Promise<void> {
  const [mesh] = await db.sql<{ behind: number }>('select member_epoch as behind from workflow.mesh');
  await decide({ kind: 'member', region, member_id: ids[region], zone: 'global', state, behind: mesh!.behind });
}

beforeEach(async () => {
  database = new Database({ url: db.url('workflow_monitor'), poolSize: 2 });
  reader = new RegionReader(database);
  ids['eu'] = (await db.sql<{ id: string }>('select workflow.own_member() as id'))[0]!.id;
  epoch = 0;
  await db.sql(`insert into workflow.mesh (mesh_id, region, has_zones, last_epoch, member_epoch, founded_at)
                values (gen_random_uuid(), 'eu', false, 0, 0, now())`);
  await decide({ kind: 'found', members: ['ap', 'eu', 'us'].map((region) => ({ region, member_id: ids[region], zone: 'global' })) });
});
afterEach(() => database.close());

/** The home of each of 100,000 tenants. */
async function homes(): Promise<Map<string, string>> {
  const rows = await db.sql<{ tenant: string; region: string }>(
    `select h.tenant_id as tenant, h.region from workflow.home_of(array(select 'tenant-' || i from generate_series(1, ${TENANTS}) i)) h`,
  );
  return new Map(rows.map(({ tenant, region }) => [tenant, region]));
}

async function groups(): Promise<Record<string, number>> {
  const rows = await db.sql<{ region: string; groups: number }>(
    'select region, count(*)::int as groups from workflow.placement group by region order by region',
  );
  return Object.fromEntries(rows.map((row) => [row.region, row.groups]));
}

/** What a home proposes, a few groups at a time, until it has nothing left to hand over. */
async function handOver(region: string, wanted: () => Promise<readonly HandOver[]>, atOnce: number): Promise<void> {
  for (let given = await wanted(); given.length > 0; given = await wanted())
    await decide({
      kind: 'move',
      from: ids[region],
      groups: Object.fromEntries(given.slice(0, atOnce).map(({ group, to }) => [group, to])),
    });
}

async function shares(region: string): Promise<HandOver[]> {
  const [members, placement] = [await reader.members(), await reader.placement()];
  return sharesOf(new Set(await reader.newcomers(Object.values(ids))), { members, placement }, ids[region]!);
}

/** From where to where, and how many. */
function moved(before: ReadonlyMap<string, string>, after: ReadonlyMap<string, string>): Record<string, number> {
  const ways: Record<string, number> = {};
  for (const [tenant, from] of before) {
    const to = after.get(tenant)!;
    if (to !== from) ways[`${from}>${to}`] = (ways[`${from}>${to}`] ?? 0) + 1;
  }
  return ways;
}

it('a fourth region takes a quarter of the groups and of the tenants, and nothing moves between the others', async () => {
  const before = await homes();
  expect(await reader.newcomers(Object.values(ids))).toEqual([]);
  await step('sa', 'joining');
  expect(await shares('eu')).toEqual([]);
  await step('sa', 'full');
  expect(await reader.newcomers(Object.values(ids))).toEqual([ids['sa']]);
  for (const [region, atOnce] of [['us', 5], ['eu', 16], ['ap', 64]] as const) await handOver(region, () => shares(region), atOnce); // prettier-ignore
  expect(await groups()).toEqual({ ap: 64, eu: 64, sa: 64, us: 64 });

  const after = await homes();
  const ways = moved(before, after);
  expect(Object.keys(ways).toSorted()).toEqual(['ap>sa', 'eu>sa', 'us>sa']);
  const taken = Object.values(ways).reduce((sum, count) => sum + count, 0);
  expect(taken / TENANTS).toBeGreaterThan(0.2);
  expect(taken / TENANTS).toBeLessThan(0.3);
});

it('a region that leaves hands out its own groups only, evenly', async () => {
  await step('sa', 'joining');
  await step('sa', 'full');
  for (const region of ['ap', 'eu', 'us']) await handOver(region, () => shares(region), 64);
  const before = await homes();
  await step('us', 'retiring');
  const [members, placement] = [await reader.members(), await reader.placement()];
  const load = new Map(Object.entries(await groups()).map(([region, count]) => [ids[region]!, count]));
  const { handOvers, left } = spread(placement.filter(({ memberId }) => memberId === ids['us']), members.filter(({ state }) => state === 'full'), load); // prettier-ignore
  expect(left).toEqual([]);
  const rest = [...handOvers];
  await handOver('us', () => Promise.resolve(rest.splice(0, 16)), 16);
  expect(await groups()).toEqual({ ap: 86, eu: 85, sa: 85 });
  expect(Object.keys(moved(before, await homes())).toSorted()).toEqual(['us>ap', 'us>eu', 'us>sa']);
  await step('us', 'gone');
  expect((await reader.members()).map(({ region }) => region)).toEqual(['ap', 'eu', 'sa']);
});

it('a region that lost groups is no newcomer any more, whatever it holds', async () => {
  await step('sa', 'joining');
  await step('sa', 'full');
  await handOver('ap', () => shares('ap'), 64);
  const [some] = await db.sql<{ group: string }>(`select placement_group as group from workflow.placement where region = 'sa' limit 1`);
  await decide({ kind: 'move', from: ids['sa'], groups: { [some!.group]: ids['eu'] } });
  expect(await reader.newcomers(Object.values(ids))).toEqual([]);
});

it('tenants with fallback regions are those that a takeover brought here, until they are moved', async () => {
  await decide({ kind: 'register', by: ids['us'], tenants: ['x', 'y', 'z'].map((tenant_id) => ({ tenant_id, fallback_regions: ['ap'] })) });
  for (const region of ['ap', 'eu', 'us'])
    await decide({ kind: 'register', by: ids[region], tenants: ['x', 'y'].map((tenant_id) => ({ tenant_id, split: true })) });
  const homesOf = await db.sql<{ group: string; id: string }>(
    `select placement_group as group, member_id as id from workflow.home_of(array['x', 'y'])`,
  );
  for (const { group, id } of homesOf) if (id !== ids['us']) await decide({ kind: 'move', from: id, groups: { [group]: ids['us'] } });
  expect(await reader.wonWithFallbacks()).toEqual([]);
  await decide({ kind: 'takeover', from: ids['us'], region: 'us', groups: { 'tenant/x': ids['eu'], 'tenant/y': ids['ap'] } });
  expect(await reader.wonWithFallbacks()).toEqual([{ group: 'tenant/x', residency: 'global', fallbackRegions: ['ap'] }]);
  await decide({ kind: 'move', from: ids['eu'], groups: { 'tenant/x': ids['ap'] } });
  expect(await reader.wonWithFallbacks()).toEqual([]);
});

it('a region is woken by a decision that makes it the home of a group, and by no other', async () => {
  const wakeups = new Wakeups({ url: db.url() });
  let woken = 0;
  wakeups.listen([HOMES_WAKE], () => (woken += 1));
  try {
    await waitFor(() => wakeups.connected && woken === 1, { until: 'it listens' }); // once when it connects
    const [ofUs] = await db.sql<{ group: string }>(`select placement_group as group from workflow.placement where region = 'us' limit 1`);
    await decide({ kind: 'move', from: ids['us'], groups: { [ofUs!.group]: ids['ap'] } });
    await decide({ kind: 'move', from: ids['ap'], groups: { [ofUs!.group]: ids['eu'] } });
    await waitFor(() => woken > 1, { until: 'it is woken' });
    expect(woken).toBe(2); // wake-ups arrive in order
  } finally {
    await wakeups.close();
  }
});
