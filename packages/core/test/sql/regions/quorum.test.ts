// What SQL says of quorums and of the brake on claims; over real slots: test/regions/quorum.links.
import { useHomes } from './homes.js';

const homes = useHomes();
const { db } = homes;
const still = async (tenure: number, tenant = homes.tenantOf('here')) =>
  (await db.call<{ tenant_id: string }>('still_at_home', [[tenant], [tenure]])).map(({ tenant_id: id }) => id);
const throttle = async () =>
  (await db.call<{ throttle_claims: string | null }>('throttle_claims', [await homes.token(), 1_000]))[0]!.throttle_claims;

describe('still_at_home', () => {
  beforeEach(() => homes.found());

  it('names who was written under the tenure that the group has', async () => {
    expect(await still(1)).toEqual([homes.tenantOf('here')]);
    expect(await still(2)).toEqual([]);
  });

  it('does not name anybody without a lease, nor whoever has another home', async () => {
    await homes.move(2, 'b', homes.tenantOf('here', 1));
    expect(await still(1, homes.tenantOf('here', 1))).toEqual([]);
    await homes.setLease(false);
    expect(await still(1)).toEqual([]);
  });

  it('names a group that drains, for it may finish what it has, and not one that is stopped for a move', async () => {
    const tenant = homes.tenantOf('here');
    const groups = [await homes.groupOf(tenant)];
    await db.call('begin_move', [await homes.token(), groups, 'b', 0]);
    expect(await still(1)).toEqual([tenant]);
    await db.call('stop_move', [await homes.token(), groups]);
    expect(await still(1)).toEqual([]);
  });

  it('tells tenures of one tenant apart', async () => {
    const tenant = homes.tenantOf('here');
    await homes.move(2, 'here', tenant);
    expect(
      await db.call('still_at_home', [
        [tenant, tenant],
        [1, 2],
      ]),
    ).toEqual([{ tenant_id: tenant, tenure: 2 }]);
  });

  it('does not name whom this region lost and got back: what it wrote before was another tenure', async () => {
    const tenant = homes.tenantOf('here');
    await homes.move(2, 'b', tenant);
    await homes.move(3, 'here', tenant);
    expect(await still(1)).toEqual([]);
  });
});

describe('observe_quorum', () => {
  it('has no row without a mesh', async () => {
    expect(await db.call('observe_quorum')).toEqual([]);
  });

  it('has a row for every member that votes, and no confirmation without a slot', async () => {
    await homes.found();
    await db.sql(`update workflow.region_members set state = 'joining' where region = 'c'`);
    expect(await db.call('observe_quorum')).toEqual([
      { zone: 'global', confirmed: null },
      { zone: 'global', confirmed: null },
    ]);
  });
});

describe('quorum_of', () => {
  const of = async (zone: string, members: readonly (readonly [zone: string, confirmed: string | null])[]) =>
    (await db.call('quorum_of', [zone, members.map(([of]) => of), members.map(([, confirmed]) => confirmed)]))[0];
  const global = (...confirmed: (string | null)[]) => confirmed.map((position) => ['global', position] as const);

  it.each([
    [2, 1],
    [3, 1],
    [4, 2],
    [5, 2],
    [6, 3],
    [7, 3],
  ])('of %i members needs %i others (M10)', async (count, needed) => {
    expect(await of('global', global(...Array.from({ length: count }, () => null)))).toEqual({ needed, confirmed: null });
  });

  it('of one member, or of none, is none', async () => {
    expect(await of('global', global('0/10'))).toEqual({ needed: 0, confirmed: null });
    expect(await of('global', [])).toEqual({ needed: 0, confirmed: null });
  });

  it('is the position that k others have reached, whoever they are, and not by fewer', async () => {
    expect(await of('global', global(null, '0/10', '0/30'))).toEqual({ needed: 1, confirmed: '0/30' });
    expect(await of('global', global(null, '0/10', '0/30', '0/20', '0/5'))).toEqual({ needed: 2, confirmed: '0/20' });
    expect(await of('global', global(null, '0/FFFFFFFF', '1/0'))).toEqual({ needed: 1, confirmed: '1/0' });
    expect(await of('global', global(null, '0/30', null, null, null))).toEqual({ needed: 2, confirmed: null });
  });

  it("of a zone's rows counts the zone's members only", async () => {
    const mixed = [['de', null], ['de', '0/10'], ['us', '0/30'], ['us', '0/30']] as const; // prettier-ignore
    expect(await of('de', mixed)).toEqual({ needed: 1, confirmed: '0/10' });
    expect(await of('global', mixed)).toEqual({ needed: 2, confirmed: '0/30' });
    expect(await of('fr', [...mixed, ['fr', null]])).toEqual({ needed: 0, confirmed: null });
  });
});

describe('quorum_positions', () => {
  it('has every zone, and nothing to wait for where there is no mesh or nobody else votes', async () => {
    const flushed = expect.stringMatching(/^[0-9A-F]+\/[0-9A-F]+$/);
    expect(await db.call('quorum_positions')).toEqual([{ flushed, zone: 'global', needed: 0, confirmed: null }]);
    await homes.found();
    await db.sql(`update workflow.region_members set zone = 'de' where region = 'c'`);
    expect(await db.sql('select * from workflow.quorum_positions() order by zone')).toEqual([
      { flushed, zone: 'de', needed: 0, confirmed: null },
      { flushed, zone: 'global', needed: 1, confirmed: null },
    ]);
  });
});

describe('unconfirmed_runs', () => {
  const unconfirmed = async (...runIds: string[]) =>
    (await db.as('workflow_router').call<{ unconfirmed_runs: unknown }>('unconfirmed_runs', [runIds]))[0]!.unconfirmed_runs;

  it('names the runs with durability quorum, and what they were written under, in their zone', async () => {
    await homes.found();
    await db.make.define('w', 'a');
    const [here, other] = [homes.tenantOf('here'), homes.tenantOf('here', 1)];
    const [first, second] = [
      await db.make.start('w', {}, { tenant_id: here, durability: 'quorum' }),
      await db.make.start('w', {}, { tenant_id: other, durability: 'quorum' }),
    ];
    const local = await db.make.start('w', {}, { tenant_id: here });
    expect(await unconfirmed(local)).toBeNull();
    expect(await unconfirmed(first, local, second)).toEqual({
      [first]: { tenant_id: here, zone: 'global', tenure: 1 },
      [second]: { tenant_id: other, zone: 'global', tenure: 1 },
    });
    await homes.move(2, 'b', other);
    await db.sql(`insert into workflow.tenant_registry (tenant_id, residency, epoch) values ($1, 'de', 1)`, [here]);
    expect(await unconfirmed(first, second)).toEqual({
      [first]: { tenant_id: here, zone: 'de', tenure: null }, // its zone's group is nobody's here
      [second]: { tenant_id: other, zone: 'global', tenure: null },
    });
  });
});

describe('throttle_claims', () => {
  it('never stops a lone region, nor one that votes alone', async () => {
    expect(await throttle()).toBeNull();
    await homes.found();
    await db.sql(`update workflow.region_members set state = 'joining' where region <> 'here'`);
    expect(await throttle()).toBeNull();
  });

  it('stops claims while nobody confirms, says so once, and lets them go on', async () => {
    await db.make.define('w', 'a');
    await homes.found();
    await db.make.start('w', {}, { tenant_id: homes.tenantOf('here') });
    const worker = await db.make.worker();
    expect(await throttle()).toBe('claims are stopped: 0 of the regions that would confirm are within 1000 bytes, 1 must be');
    const [since] = await db.sql('select since from workflow.claim_throttle');
    await throttle();
    expect(await db.sql('select since from workflow.claim_throttle')).toEqual([since]);
    expect(await worker.claim()).toEqual([]);
    await db.sql(`update workflow.region_members set state = 'gone' where region <> 'here'`);
    expect(await throttle()).toBeNull();
    expect(await worker.claim()).toHaveLength(1);
  });

  it('is for the leading monitor only', async () => {
    await homes.token();
    await expect(db.call('throttle_claims', [999, 1_000])).rejects.toMatchObject({ code: 'WF302' });
  });
});
