// Only the group that leads may claim: why_not_leading, as assert_may_claim (start_tasks) and find_taker (complete_tasks) use it.
import { useTestDatabase } from '@singularity-workflow/testkit';
import { member, request, TTL_MS } from './support.js';

const db = useTestDatabase();
beforeEach(() => db.clock.freeze());
const REFUSED = 'WF302';

describe('a claim of an orchestrator', () => {
  beforeEach(async () => {
    await db.make.define('w', 'a', 'b');
    await db.make.startAll(Array.from({ length: 3 }, () => ({ tenant_id: 'acme', workflow: 'w', input: 1 })));
  });

  it('is answered with the token of the group that leads', async () => {
    const [first, second] = [await member(db, 'primary'), await member(db, 'primary')];
    const leaderToken = await first.lead();
    expect(await second.worker.claim({ leaderToken, capacity: 2 })).toHaveLength(2);
  });

  it('of a leader that was paused past its lease is refused, whatever it believes, and told why', async () => {
    const [paused, standby] = [await member(db, 'primary'), await member(db, 'standby')];
    const leaderToken = await paused.lead();
    await db.clock.advance(TTL_MS + 2_000);
    await standby.lead();
    await expect(paused.worker.claim({ leaderToken })).rejects.toMatchObject({
      code: REFUSED,
      message: 'token 1 of group primary does not hold the lease orchestrator:leader: standby does, with token 2',
    });
    expect(await db.make.claims()).toEqual([]);
  });

  it('with a lease that has expired is refused, also while nobody else leads', async () => {
    const primary = await member(db, 'primary');
    const leaderToken = await primary.lead();
    await db.clock.advance(TTL_MS + 1);
    await expect(primary.worker.claim({ leaderToken })).rejects.toMatchObject({
      code: REFUSED,
      message: expect.stringContaining('nobody does now'),
    });
  });

  it('without a token is refused, be it of the group that leads', async () => {
    const primary = await member(db, 'primary');
    await primary.lead();
    await expect(primary.worker.claim()).rejects.toMatchObject({ code: REFUSED });
  });

  it('with a token of a former term of its own group is refused', async () => {
    const [primary, second] = [await member(db, 'primary'), await member(db, 'primary')];
    const former = await primary.lead();
    await db.clock.advance(TTL_MS + 1);
    const leaderToken = await second.lead();
    await expect(primary.worker.claim({ leaderToken: former })).rejects.toMatchObject({ code: REFUSED });
    expect(await primary.worker.claim({ leaderToken, capacity: 1 })).toHaveLength(1);
  });

  it("with another group's token is refused", async () => {
    const [primary, standby] = [await member(db, 'primary'), await member(db, 'standby')];
    const leaderToken = await primary.lead();
    await expect(standby.worker.claim({ leaderToken })).rejects.toMatchObject({ code: REFUSED });
  });

  it('of a worker of no group is refused while a group leads, and answered where none does', async () => {
    const stranger = await db.make.worker();
    const primary = await member(db, 'primary');
    await primary.lead();
    await expect(stranger.claim()).rejects.toMatchObject({
      code: REFUSED,
      message: expect.stringContaining('this region is active-passive'),
    });
    await primary.stop();
    expect(await stranger.claim({ capacity: 1 })).toHaveLength(1);
  });

  it('is refused while the group hands over', async () => {
    const [primary] = [await member(db, 'primary'), await member(db, 'standby')];
    const leaderToken = await primary.lead();
    await request(db, { kind: 'promote' });
    await expect(primary.worker.claim({ leaderToken })).rejects.toMatchObject({
      code: REFUSED,
      message: expect.stringContaining('is giving'),
    });
  });

  it('holds the lease to its end: a takeover waits for it', async () => {
    const [primary, standby] = [await member(db, 'primary'), await member(db, 'standby')];
    const leaderToken = await primary.lead();
    const [claiming, rival] = [await db.session(), await db.session()];
    await claiming.begin();
    await primary.worker.using(claiming).claim({ leaderToken });
    await db.clock.advance(TTL_MS + 2_000);
    const pending = rival.start(() => standby.ask(rival));
    await rival.waitUntilBlocked();
    await claiming.commit();
    expect(await pending).toMatchObject({ leads: true, token: leaderToken + 1 });
  });

  it('hands nothing over to a report of a group that does not lead, and accepts the report', async () => {
    const [primary, standby] = [await member(db, 'primary'), await member(db, 'standby')];
    await db.make.define({ slug: 'chain', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }] });
    const leaderToken = await primary.lead();
    await primary.worker.claim({ leaderToken });
    await db.make.start('chain');
    const claimed = (await primary.worker.claim({ leaderToken })).filter(({ workflow }) => workflow === 'chain');
    await db.clock.advance(TTL_MS + 2_000);
    await standby.lead();
    const { answers, handed } = await primary.worker.completeAndTake([[claimed[0]!, 1]], { leaderToken });
    expect([answers.map(({ verdict }) => verdict), handed]).toEqual([['accepted'], []]);
    expect((await primary.worker.completeAndTake([], {})).handed).toEqual([]);
  });
});
