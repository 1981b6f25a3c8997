// What SQL says of quorums and of the brake on claims; over real slots: test/regions/quorum.links.
import { useHomes } from './homes.js';

const homes = useHomes();
const { db } = homes;
const still = async (tenure: number, tenant = homes.tenantOf('here')) =>
  (await db.call<{ still_at_home: string }>('still_at_home', [[tenant], [tenure]])).map(({ still_at_home }) => still_at_home);
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
      { flushed: expect.any(String), zone: 'global', confirmed: null },
      { flushed: expect.any(String), zone: 'global', confirmed: null },
    ]);
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
