import { useHomes } from './homes.js';

const homes = useHomes();
const { db } = homes;
const mine = (nth = 0) => homes.tenantOf('here', nth);
const ask = async (pairs: readonly (readonly [string, number])[], newWork = false) => {
  const [answer] = await db.call<{ all_at_home: boolean }>('all_at_home', [pairs.map(([t]) => t), pairs.map(([, e]) => e), newWork]);
  return answer!.all_at_home;
};
const mark = async (state: 'draining' | 'stopped') =>
  db.sql(
    `insert into workflow.group_moves (placement_group, target, mark, tenure, marked_at, drain_until, stopped_position)
     values ($1, 'b', $2, 1, now(), now(), case $2 when 'stopped' then '0/1'::pg_lsn end)`,
    [await homes.groupOf(mine()), state],
  );

describe('all_at_home', () => {
  beforeEach(() => homes.found());

  it('says yes to tenants of this region, under the tenures of their groups', async () => {
    await homes.move(2, 'here', homes.tenantOf('b'));
    await homes.adopt();
    expect(
      await ask([
        [mine(), 1],
        [mine(1), 1],
        [homes.tenantOf('b'), 2],
      ]),
    ).toBe(true);
  });

  it('says no when one of many is at home elsewhere', async () => {
    expect(await ask([...Array.from({ length: 5 }, (_, nth) => [mine(nth), 1] as const), [homes.tenantOf('b'), 1]])).toBe(false);
  });

  it('says no to rows of an older tenure, and of a younger one', async () => {
    const tenant = homes.tenantOf('b');
    await homes.move(2, 'here', tenant);
    await homes.adopt();
    expect([await ask([[tenant, 1]]), await ask([[tenant, 2]]), await ask([[tenant, 3]])]).toEqual([false, true, false]);
  });

  it('says no to a group that was taken over until its marker is there', async () => {
    const tenant = homes.tenantOf('b');
    await homes.move(2, 'here', tenant);
    expect(await ask([[tenant, 2]])).toBe(false);
  });

  it.each([
    ['there is no lease', () => homes.setLease(false)],
    ['the lease has run out', () => db.clock.advance(600_001)],
    [
      'the lease was won on another server start',
      () => db.sql(`update workflow.region_lease set server_started_at = server_started_at - interval '1 second'`),
    ],
    ['a group is stopped for a move', () => mark('stopped')],
  ])('says no when %s', async (_, spoil) => {
    expect(await ask([[mine(), 1]])).toBe(true);
    await spoil();
    expect(await ask([[mine(), 1]])).toBe(false);
  });

  it('of a group that drains says yes to who writes, and no to who begins something', async () => {
    await mark('draining');
    expect([await ask([[mine(), 1]]), await ask([[mine(), 1]], true)]).toEqual([true, false]);
  });

  it('answers from after the wait: a group that is taken away meanwhile is not at home any more', async () => {
    const [learner, writer] = [await db.session(), await db.session()];
    const group = await homes.groupOf(mine());
    await learner.begin();
    await learner.call('seize_home');
    await learner.sql(`update workflow.placement set region = 'b', member_id = $1, tenure = 2 where placement_group = $2`, [
      homes.members.b,
      group,
    ]);
    const asking = writer.start(() => writer.call('all_at_home', [[mine()], [1]]));
    await writer.waitUntilBlocked();
    await learner.commit();
    expect(await asking).toEqual([{ all_at_home: false }]);
  });

  it('answers from after the wait: a lease that ends meanwhile is no lease', async () => {
    const [ending, writer] = [await db.session(), await db.session()];
    await ending.begin();
    await ending.call('seize_home');
    await ending.sql('update workflow.region_lease set expires_at = null');
    const asking = writer.start(() => writer.call('all_at_home', [[mine()], [1]]));
    await writer.waitUntilBlocked();
    await ending.commit();
    expect(await asking).toEqual([{ all_at_home: false }]);
  });

  it('keeps whoever takes a group away waiting until the write has committed', async () => {
    const [writer, learner] = [await db.session(), await db.session()];
    await writer.begin();
    await writer.call('all_at_home', [[mine()], [1]]);
    await learner.begin();
    const seizing = learner.start(() => learner.call('seize_home'));
    await learner.waitUntilBlocked();
    await writer.commit();
    expect(await seizing).toHaveLength(1);
    await learner.rollback();
  });

  it('refuses what assert_home refuses', async () => {
    const session = await db.session();
    await session.sql('begin isolation level repeatable read');
    await expect(session.call('all_at_home', [['a'], [1]])).rejects.toMatchObject({ code: 'WF620' });
    await session.rollback();
    await session.sql(`set transaction_timeout = 0`);
    await expect(session.call('all_at_home', [['a'], [1]])).rejects.toMatchObject({ code: 'WF620' });
  });
});
