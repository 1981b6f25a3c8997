import { useHomes } from './homes.js';

const homes = useHomes();
const { db } = homes;
const ask = (...tenants: string[]) => db.call<{ tenant_id: string; home_epoch: number; written_tick: number }>('assert_home', [tenants]);
const why = async (tenant: string) => (await db.call<{ reason: string }>('why_not_home', [tenant]))[0]?.reason ?? null;

describe('assert_home', () => {
  describe('of a lone region', () => {
    it('answers everybody, each once, under tenure 1, with tick 0', async () => {
      expect(await ask('a', 'b', 'a')).toEqual(
        expect.arrayContaining([
          { tenant_id: 'a', home_epoch: 1, written_tick: 0 },
          { tenant_id: 'b', home_epoch: 1, written_tick: 0 },
        ]),
      );
      expect(await ask('a', 'b', 'a')).toHaveLength(2);
      expect(await why('a')).toBeNull();
    });

    it('lets a mesh be founded only when those who asked have ended', async () => {
      const [writer, founder] = [await db.session(), await db.session()];
      await writer.begin();
      await writer.call('assert_home', [['a']]);
      await founder.begin();
      const seizing = founder.start(() => founder.call('seize_home'));
      await founder.waitUntilBlocked();
      await writer.commit();
      expect(await seizing).toHaveLength(1);
      await founder.rollback();
    });

    it('whoever waited for the founding sees the mesh', async () => {
      const [founder, writer] = [await db.session(), await db.session()];
      await founder.begin();
      await founder.call('seize_home');
      await founder.sql(
        `insert into workflow.mesh (mesh_id, region, has_zones, last_epoch, member_epoch, founded_at)
         values (gen_random_uuid(), 'here', false, 1, 1, now())`,
      );
      const asking = writer.start(() => writer.call('assert_home', [['a']]));
      await writer.waitUntilBlocked();
      await founder.commit();
      await expect(asking).rejects.toMatchObject({ code: 'WF620' }); // the lease is 5 s, the test's timeout longer
    });
  });

  describe('in a mesh', () => {
    beforeEach(() => homes.found());

    it('answers the tenants whose group is at home here, with the tenure of the group and the tick', async () => {
      await db.sql('update workflow.stream_clock set tick = 7');
      const [mine, foreign] = [homes.tenantOf('here'), homes.tenantOf('b')];
      expect(await ask(mine, foreign)).toEqual([{ tenant_id: mine, home_epoch: 1, written_tick: 7 }]);
      expect([await why(mine), await why(foreign)]).toEqual([null, 'elsewhere']);
    });

    it('answers nobody without a lease', async () => {
      await homes.setLease(false);
      expect(await ask(homes.tenantOf('here'))).toEqual([]);
      expect(await why(homes.tenantOf('here'))).toBe('no_lease');
    });

    it('answers nobody when the lease has run out', async () => {
      await db.clock.advance(600_001);
      expect(await ask(homes.tenantOf('here'))).toEqual([]);
    });

    it('answers nobody under a lease that was won on another server start', async () => {
      await db.sql(`update workflow.region_lease set server_started_at = server_started_at - interval '1 second'`);
      expect(await ask(homes.tenantOf('here'))).toEqual([]);
    });

    it('does not answer a group that it has taken over until its marker is there', async () => {
      const tenant = homes.tenantOf('b');
      await homes.move(2, 'here', tenant);
      expect([await ask(tenant), await why(tenant)]).toEqual([[], 'adopting']);
      await homes.adopt();
      expect(await ask(tenant)).toMatchObject([{ tenant_id: tenant, home_epoch: 2 }]);
    });

    it('does not take the marker of another tenure, or of another member, for its own', async () => {
      const tenant = homes.tenantOf('b');
      await homes.move(2, 'here', tenant);
      await homes.adopt();
      await homes.move(3, 'b', tenant);
      await homes.move(4, 'here', tenant);
      expect(await why(tenant)).toBe('adopting');
      await db.sql(
        `insert into workflow.group_adoptions (placement_group, home_epoch, region, member_id, written_tick, adopted_at)
                    values ($1, 4, 'b', $2, 0, now())`,
        [await homes.groupOf(tenant), homes.members.b],
      );
      expect(await why(tenant)).toBe('adopting');
    });

    describe('a tenant that was split off into a group of its own', () => {
      const tenant = () => homes.tenantOf('b');
      const split = async () => {
        await db.sql(
          `insert into workflow.tenant_registry (tenant_id, residency, own_group, epoch) values ($1, 'global', 'tenant/' || $1, 3)`,
          [tenant()],
        );
        await db.sql(
          `insert into workflow.placement (placement_group, region, member_id, tenure, split_from, split_tenure)
           select 'tenant/' || $1, p.region, p.member_id, p.tenure, p.placement_group, p.tenure from workflow.placement p where p.placement_group = $2`,
          [tenant(), (await db.sql<{ g: string }>(`select workflow.hash_group_of('global', $1) as g`, [tenant()]))[0]!.g],
        );
        await db.sql(
          `insert into workflow.placement_history (placement_group, tenure, region, member_id)
           select 'tenant/' || $1, h.tenure, h.region, h.member_id from workflow.placement_history h
             join workflow.placement p on p.placement_group = 'tenant/' || $1 and p.split_from = h.placement_group`,
          [tenant()],
        );
      };

      it('is covered by the marker of the group that it left', async () => {
        await homes.move(2, 'here', tenant());
        await homes.adopt();
        await split();
        expect(await homes.groupOf(tenant())).toBe(`tenant/${tenant()}`);
        expect(await ask(tenant())).toMatchObject([{ home_epoch: 2 }]);
      });

      it('is not covered by a later one', async () => {
        await homes.move(2, 'here', tenant());
        await homes.adopt();
        const former = await homes.groupOf(tenant());
        await split();
        await homes.move(4, 'here', tenant());
        await db.sql(
          `insert into workflow.group_adoptions (placement_group, home_epoch, region, member_id, written_tick, adopted_at)
                      values ($1, 4, 'here', $2, 0, now())`,
          [former, homes.members.here],
        );
        expect([await ask(tenant()), await why(tenant())]).toEqual([[], 'adopting']);
      });
    });

    it('of a group that drains answers who writes, but not who begins something; of one that is stopped nobody', async () => {
      const tenant = homes.tenantOf('here');
      const group = await homes.groupOf(tenant);
      const mark = (state: string) =>
        db.sql(
          `insert into workflow.group_moves (placement_group, target, mark, tenure, marked_at, drain_until, stopped_position)
           values ($1, 'b', $2, 1, now(), now(), case $2 when 'stopped' then '0/1'::pg_lsn end)
           on conflict (placement_group) do update set mark = excluded.mark, stopped_position = excluded.stopped_position`,
          [group, state],
        );
      await mark('draining');
      expect(await ask(tenant)).toHaveLength(1);
      expect(await db.call('assert_home', [[tenant], true])).toEqual([]);
      await mark('stopped');
      expect(await ask(tenant)).toEqual([]);
      expect(await why(tenant)).toBe('moving');
    });

    it('answers from after the wait: a group that is taken away meanwhile is not at home any more', async () => {
      const tenant = homes.tenantOf('here');
      const [learner, writer] = [await db.session(), await db.session()];
      await learner.begin();
      await learner.call('seize_home');
      await learner.sql(`update workflow.placement set region = 'b', member_id = $1, tenure = 2 where placement_group = $2`, [
        homes.members.b,
        await homes.groupOf(tenant),
      ]);
      const asking = writer.start(() => writer.call('assert_home', [[tenant]]));
      await writer.waitUntilBlocked();
      await learner.commit();
      expect(await asking).toEqual([]);
    });

    it('keeps whoever takes a group away waiting until the write has committed', async () => {
      const [writer, learner] = [await db.session(), await db.session()];
      await writer.begin();
      await writer.call('assert_home', [[homes.tenantOf('here')]]);
      await learner.begin();
      const seizing = learner.start(() => learner.call('seize_home'));
      await learner.waitUntilBlocked();
      await writer.commit();
      expect(await seizing).toHaveLength(1);
      await learner.rollback();
    });

    it('does not let a stalled writer stop the others for more than 2 s: the seizure gives up', async () => {
      const writer = await db.session();
      await writer.begin();
      await writer.call('assert_home', [[homes.tenantOf('here')]]);
      await expect(db.call('seize_home')).rejects.toMatchObject({ code: '55P03' });
      await writer.rollback();
    });

    it.each(['repeatable read', 'serializable'])('refuses %s', async (isolation) => {
      const session = await db.session();
      await session.sql(`begin isolation level ${isolation}`);
      await expect(session.call('assert_home', [['a']])).rejects.toMatchObject({ code: 'WF620' });
    });

    it.each(['0', '600s', '11min'])('refuses a transaction_timeout of %s with a lease of 600 s', async (timeout) => {
      const session = await db.session();
      await session.sql(`set transaction_timeout = '${timeout}'`);
      await expect(session.call('assert_home', [['a']])).rejects.toMatchObject({ code: 'WF620' });
    });
  });
});
