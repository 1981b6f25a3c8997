import { randomUUID } from 'node:crypto';
import { useTestDatabase } from '@singularity-workflow/testkit';
import { LONG, member, request, TTL_MS } from './support.js';

const db = useTestDatabase();

describe('lead_group', () => {
  beforeEach(() => db.clock.freeze());

  it('gives a primary a lease that nobody ever had, at once', async () => {
    const primary = await member(db, 'primary');
    expect(await primary.ask(db, 0)).toMatchObject({
      leads: true,
      token: 1,
      leader: 'primary',
      holder: primary.id,
      taken: true,
      reason: null,
    });
    expect(await primary.ask(db, 0)).toMatchObject({ leads: true, token: 1, taken: false });
  });

  it('lets a standby wait for a primary where nobody has led, half a lease long', async () => {
    const standby = await member(db, 'standby');
    expect(await standby.ask(db, 0)).toMatchObject({
      leads: false,
      leader: null,
      reason: 'nobody has led yet: a primary may come within 5000 ms',
    });
    expect(await standby.ask(db, TTL_MS / 2)).toMatchObject({ leads: true, token: 1 });
  });

  it('gives all workers of the group that leads the same token, and tells others who leads', async () => {
    const [first, second, standby] = [await member(db, 'primary'), await member(db, 'primary'), await member(db, 'standby')];
    const token = await first.lead();
    expect(await second.ask()).toMatchObject({ leads: true, token, holder: first.id, taken: false });
    expect(await standby.ask()).toMatchObject({ leads: false, token, leader: 'primary', reason: null });
  });

  it('is renewed by the oldest worker that lives, with the same token; by any once half of its time is over', async () => {
    const first = await member(db, 'primary');
    await db.clock.advance(1);
    const second = await member(db, 'primary');
    const token = await first.lead();
    await db.clock.advance(TTL_MS * 0.4);
    expect(await second.ask()).toMatchObject({ holder: first.id, left_ms: TTL_MS * 0.6 });
    expect(await first.ask()).toMatchObject({ token, left_ms: TTL_MS });
    await db.clock.advance(TTL_MS * 0.6);
    expect(await second.ask()).toMatchObject({ leads: true, token, holder: second.id, left_ms: TTL_MS });
  });

  it('passes to a standby once it has expired, with the next token; the former is told', async () => {
    const [primary, standby] = [await member(db, 'primary', { heartbeatTimeoutMs: 6_000 }), await member(db, 'standby')];
    const token = await primary.lead();
    await db.clock.advance(TTL_MS + 200);
    expect(await standby.ask()).toMatchObject({ leads: true, token: token + 1, taken: true });
    expect(await primary.ask()).toMatchObject({ leads: false, leader: 'standby' });
    expect(await db.sql('select without_ms::int from workflow.leases')).toEqual([{ without_ms: 200 }]);
  });

  it('lets the former leader go first for a second, if it lives', async () => {
    const [primary, standby] = [await member(db, 'primary'), await member(db, 'standby')];
    const token = await primary.lead();
    await db.clock.advance(TTL_MS + 900);
    expect(await standby.ask()).toMatchObject({ leads: false, reason: 'primary lives and may come back' });
    expect(await primary.ask(db, 0)).toMatchObject({ leads: true, token: token + 1 });
    await db.clock.advance(TTL_MS + 1_100);
    expect(await standby.ask()).toMatchObject({ leads: true, token: token + 2 });
  });

  it('gives nothing to a standby that had no answers itself: no answer is not "the leader is dead"', async () => {
    const [primary, standby] = [await member(db, 'primary', { heartbeatTimeoutMs: 6_000 }), await member(db, 'standby')];
    const token = await primary.lead();
    await db.clock.advance(60_000); // nobody could ask
    expect(await standby.ask(db, 0)).toMatchObject({
      leads: false,
      reason: 'it has not seen primary fail, for it has had answers for 0 ms only',
    });
    await primary.beat();
    expect(await primary.ask(db, 0)).toMatchObject({ leads: true, token: token + 1 });
  });

  it('gives nothing to a worker that is silent, drains, or has stopped', async () => {
    const [silent, draining, stopped] = [
      await member(db, 'a', { heartbeatTimeoutMs: 5_000 }),
      await member(db, 'b'),
      await member(db, 'c'),
    ];
    await draining.drain();
    await stopped.stop();
    await db.clock.advance(5_001);
    expect(await silent.ask()).toMatchObject({ leads: false, reason: 'it is silent past its timeout: first it must beat' });
    expect(await draining.ask()).toMatchObject({ leads: false, reason: 'it drains' });
    await expect(stopped.ask()).rejects.toMatchObject({ code: 'WF301' });
  });

  it('does not give the lease back to a primary that returns', async () => {
    const [primary, standby] = [await member(db, 'primary', { heartbeatTimeoutMs: 6_000 }), await member(db, 'standby')];
    await primary.lead();
    await db.clock.advance(TTL_MS + 100);
    const token = await standby.lead();
    const returned = await member(db, 'primary');
    for (let round = 0; round < 20; round += 1) {
      await db.clock.advance(TTL_MS / 3);
      expect(await returned.ask()).toMatchObject({ leads: false, leader: 'standby' });
      expect(await standby.lead()).toBe(token);
    }
  });

  it('prefers a primary to another standby when the one that led is gone', async () => {
    const leader = await member(db, 'a', { heartbeatTimeoutMs: 6_000 });
    await leader.lead();
    const [primary, other] = [await member(db, 'primary'), await member(db, 'b')];
    await db.clock.advance(TTL_MS + 100);
    expect(await other.ask()).toMatchObject({ leads: false, reason: 'a primary lives and goes first' });
    expect(await primary.ask()).toMatchObject({ leads: true });
  });

  it('is taken by one of two groups that ask at the same moment', async () => {
    const [gone, first, second] = [await member(db, 'a', { heartbeatTimeoutMs: 6_000 }), await member(db, 'b'), await member(db, 'c')];
    const token = await gone.lead();
    await db.clock.advance(TTL_MS + 1_000);
    const [one, two] = [await db.session(), await db.session()];
    await one.begin();
    const winner = await first.ask(one);
    const pending = two.start(() => second.ask(two));
    await two.waitUntilBlocked();
    await one.commit();
    expect(winner).toMatchObject({ leads: true, token: token + 1 });
    expect(await pending).toMatchObject({ leads: false, token: token + 1, leader: 'b', taken: false });
  });

  it('is given up when the last worker of the group stops, and not before', async () => {
    const [first, second, standby] = [await member(db, 'primary'), await member(db, 'primary'), await member(db, 'standby')];
    const token = await first.lead();
    await first.stop();
    expect(await second.ask()).toMatchObject({ leads: true, token });
    await second.drain();
    expect(await standby.ask()).toMatchObject({ leads: false, leader: 'primary' });
    await second.stop();
    expect(await standby.ask()).toMatchObject({ leads: true, token: token + 1 });
  });

  it('refuses a worker of no group and a length that is none', async () => {
    const worker = await db.make.worker();
    await expect(db.call('lead_group', [worker.id, TTL_MS, LONG])).rejects.toMatchObject({ code: 'WF001' });
    const primary = await member(db, 'primary');
    await expect(db.call('lead_group', [primary.id, 99, LONG])).rejects.toMatchObject({ code: 'WF001' });
    await expect(db.call('lead_group', [randomUUID(), TTL_MS, LONG])).rejects.toMatchObject({ code: 'WF301' });
  });

  it('lets the token only rise, whatever happens', async () => {
    const seen: number[] = [];
    for (let round = 0; round < 12; round += 1) {
      const next = await member(db, `g${round % 3}`, { heartbeatTimeoutMs: 6_000 });
      seen.push(await next.lead());
      if (round % 2 === 0) await next.stop();
      else if (round % 3 === 0) await db.call('fence_lease', ['orchestrator:leader']);
      await db.clock.advance(TTL_MS + 6_000);
    }
    expect(seen).toEqual(seen.toSorted((a, b) => a - b));
    expect(new Set(seen).size).toBe(12);
  });
});

describe('a change of the group that leads', () => {
  beforeEach(() => db.clock.freeze());

  it('is recorded as it happens: who, from whom, why as one sentence, how long nobody led', async () => {
    const [primary, standby] = [await member(db, 'primary', { heartbeatTimeoutMs: 6_000 }), await member(db, 'standby')];
    await primary.lead();
    await db.clock.advance(TTL_MS + 300);
    await standby.lead();
    await db.clock.advance(TTL_MS + 1_500);
    const again = await member(db, 'primary');
    await again.lead();
    await again.stop();
    await standby.lead();
    const events = await db.sql(
      `select cause, former, successor, without_ms::int, reason, recorded_by from workflow.failover_events where kind = 'leader_changed' order by event_id`,
    );
    expect(events).toMatchObject([
      { cause: 'first', former: null, successor: 'primary', without_ms: null, recorded_by: primary.id },
      {
        cause: 'silent',
        former: 'primary',
        without_ms: 300,
        recorded_by: standby.id,
        reason: 'orchestrator:leader: primary fell silent; standby leads with token 2 after 300 ms without a leader',
      },
      {
        cause: 'expired',
        reason:
          'orchestrator:leader: standby lives, but did not renew in time or was fenced; primary leads with token 3 after 1500 ms without a leader',
      },
      { cause: 'left', reason: 'orchestrator:leader: primary stopped; standby leads with token 4 after 0 ms without a leader' },
    ]);
  });

  it('names the command that brought it about', async () => {
    const [primary, standby] = [await member(db, 'primary'), await member(db, 'standby')];
    await primary.lead();
    await request(db, { kind: 'promote' });
    await primary.ask();
    await standby.lead();
    const { command_id: fence } = await request(db, { kind: 'fence' });
    await db.call('fence_leader', [await db.make.leaderToken('failover-monitor'), 'orchestrator:leader', null, 'asked', fence]);
    await standby.lead();
    await request(db, { kind: 'stop' });
    await standby.stop();
    await primary.lead();
    const causes = await db.sql<{ cause: string }>(
      `select cause from workflow.failover_events where kind = 'leader_changed' and subject = 'orchestrator:leader' order by event_id`,
    );
    expect(causes.map(({ cause }) => cause)).toEqual(['first', 'promoted', 'fenced', 'left']);
  });
});
