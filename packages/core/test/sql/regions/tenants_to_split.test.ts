// Tenants that want a group of their own for their fallback regions: who is split off, by whom, and when.
import { useHomes } from './homes.js';

const homes = useHomes();
const { db } = homes;
const mine = () => homes.tenantOf('here');
const wants = (tenant: string, fallbacks = '{b}') =>
  db.sql(`insert into workflow.tenant_registry (tenant_id, residency, fallback_regions, epoch) values ($1, 'global', $2, 2)`, [
    tenant,
    fallbacks,
  ]);
const ready = async (tenants: readonly string[] | null = null) =>
  (await db.call<{ tenants_to_split: string }>('tenants_to_split', [tenants])).map((row) => row.tenants_to_split);
const learn = (value: object) => db.sql(`select workflow.learn_entry(3, $1, now())`, [JSON.stringify({ version: 1, ...value })]);

beforeEach(() => homes.found());

it('are those that have fallback regions', async () => {
  await wants(mine());
  await wants(homes.tenantOf('here', 1), '{}');
  expect(await ready()).toEqual([mine()]);
});

it('are, where somebody is asked for by name, all of them that are at home here', async () => {
  expect(await ready([mine(), homes.tenantOf('b')])).toEqual([mine()]);
});

it('not where they are at home elsewhere', async () => {
  await wants(homes.tenantOf('b'));
  expect(await ready()).toEqual([]);
});

it('not before the home has adopted it', async () => {
  const tenant = homes.tenantOf('b');
  await wants(tenant);
  await homes.move(2, 'here', tenant);
  expect(await ready()).toEqual([]);
  await homes.adopt();
  expect(await ready()).toEqual([tenant]);
});

it('not while its group is being moved away', async () => {
  await wants(mine());
  await db.sql(
    `insert into workflow.group_moves (placement_group, target, mark, tenure, marked_at, drain_until) values ($1, 'b', 'draining', 1, now(), now())`,
    [await homes.groupOf(mine())],
  );
  expect(await ready()).toEqual([]);
});

it('once: a group of its own is not split again, and keeps home, tenure and history', async () => {
  await wants(mine());
  const split = { kind: 'register', by: homes.members.here, tenants: [{ tenant_id: mine(), split: true }] };
  await learn(split);
  expect(await ready()).toEqual([]);
  expect(await ready([mine()])).toEqual([]);
  expect(await db.sql(`select h.region, h.placement_group as group, h.tenure from workflow.home_of(array[$1]) h`, [mine()])).toEqual([
    { region: 'here', group: `tenant/${mine()}`, tenure: 1 },
  ]);
  expect(
    await db.sql(`select h.tenure, h.region from workflow.placement_history h where h.placement_group = $1`, [`tenant/${mine()}`]),
  ).toEqual([{ tenure: 1, region: 'here' }]);
});
