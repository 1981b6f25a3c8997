// request_command, finish_command, fence_leader, fail_back: what operators ask of orchestrators, and what becomes of it.
import { randomUUID } from 'node:crypto';
import { json, useTestDatabase } from '@singularity-workflow/testkit';
import { commandOf, member, request, sentences, TTL_MS } from './support.js';

const db = useTestDatabase();
beforeEach(() => db.clock.freeze());

describe('promote', () => {
  it('hands over in order: the old leader claims no more, gives the lease up, the new one takes the next token', async () => {
    const [primary, standby] = [await member(db, 'primary'), await member(db, 'standby')];
    const token = await primary.lead();
    const command = await request(db, { kind: 'promote', reason: 'maintenance' });
    expect(command).toMatchObject({ state: 'requested', target_group: 'standby', lease: 'orchestrator:leader' });
    expect(await standby.ask()).toMatchObject({ leads: false, leader: 'primary' });
    expect(await primary.ask()).toMatchObject({ leads: false, leader: null });
    expect(await standby.ask()).toMatchObject({ leads: true, token: token + 1 });
    expect(await commandOf(db, command.command_id)).toMatchObject({
      state: 'done',
      token: token + 1,
      outcome: 'standby leads with token 2',
    });
    expect(await sentences(db, 'command_requested')).toEqual(['promote of standby: maintenance']);
    expect(await sentences(db, 'command_done')).toEqual(['promote: standby leads with token 2']);
  });

  it('waits for what the old leader runs, which it may finish or give back', async () => {
    await db.make.define('w', 'a');
    await db.make.start('w');
    const [primary, standby] = [await member(db, 'primary'), await member(db, 'standby')];
    const leaderToken = await primary.lead();
    const task = await primary.worker.claimOne({ leaderToken });
    await request(db, { kind: 'promote', drain_ms: 4_000 });
    await db.clock.advance(1_500);
    expect(await primary.ask()).toMatchObject({ leads: false, hands_over: true, drain_ms: 2_500, leader: 'primary' });
    await db.clock.advance(3_000);
    expect(await primary.ask()).toMatchObject({ hands_over: true, drain_ms: 0 });
    expect(await standby.ask()).toMatchObject({ leads: false });
    expect(await primary.worker.complete(task)).toMatchObject({ verdict: 'accepted' });
    expect(await primary.ask()).toMatchObject({ leads: false, hands_over: true, leader: null });
    expect(await standby.ask()).toMatchObject({ leads: true });
  });

  it('keeps the lease for its group: no other takes it, and the old leader not again', async () => {
    const [primary, standby, other] = [await member(db, 'primary'), await member(db, 'standby'), await member(db, 'other')];
    await primary.lead();
    const { command_id: id } = await request(db, { kind: 'promote', group: 'standby' });
    await primary.ask();
    expect(await other.ask()).toMatchObject({ leads: false, reason: `the lease is kept for standby (command ${id})` });
    expect(await primary.ask()).toMatchObject({ leads: false });
    expect(await standby.ask(db, 0)).toMatchObject({ leads: true });
  });

  it('of a worker promotes its group; of nobody in particular the best standby', async () => {
    const [leader, small, large] = [await member(db, 'leader'), await member(db, 'small'), await member(db, 'large')];
    await member(db, 'large');
    await leader.lead();
    expect(await request(db, { kind: 'promote' })).toMatchObject({ target_group: 'large' });
    await db.sql(`update workflow.orchestrator_commands set overdue_at = workflow.clock()`);
    expect(await request(db, { kind: 'promote', worker_id: small.id })).toMatchObject({ target_group: 'small' });
    expect(large.group).toBe('large');
  });

  it('of the group that leads is done at once', async () => {
    const primary = await member(db, 'primary');
    await primary.lead();
    expect(await request(db, { kind: 'promote', group: 'primary' })).toMatchObject({
      state: 'done',
      outcome: 'primary leads already, with token 1',
    });
    expect(await primary.ask()).toMatchObject({ leads: true, token: 1 });
  });

  it('takes over from a dead leader when its lease ends', async () => {
    const [primary, standby] = [await member(db, 'primary', { heartbeatTimeoutMs: 6_000 }), await member(db, 'standby')];
    await primary.lead();
    const { command_id: id } = await request(db, { kind: 'promote' });
    await db.clock.advance(TTL_MS + 1);
    await standby.lead();
    expect(await commandOf(db, id)).toMatchObject({ state: 'done' });
  });

  it('that nobody acts on in time leaves the old leader where it was', async () => {
    const [primary, standby] = [await member(db, 'primary'), await member(db, 'standby')];
    await db.make.define('w', 'a');
    await db.make.start('w');
    const token = await primary.lead();
    await primary.worker.claimOne({ leaderToken: token });
    const { command_id: id } = await request(db, { kind: 'promote', drain_ms: 0 });
    await standby.stop();
    expect(await primary.ask()).toMatchObject({ leads: false });
    await db.call('finish_command', [id, 'failed', 'standby is gone']);
    expect(await primary.worker.claim({ leaderToken: token })).toEqual([]); // not refused
    expect(await primary.ask()).toMatchObject({ leads: true, token });
    expect(await sentences(db, 'command_failed')).toEqual(['promote: standby is gone']);
  });

  it('that nobody ends is over by itself, and the old leader goes on', async () => {
    const [primary] = [await member(db, 'primary'), await member(db, 'standby')];
    await db.make.define('w', 'a');
    await db.make.start('w');
    const token = await primary.lead();
    await primary.worker.claimOne({ leaderToken: token });
    await request(db, { kind: 'promote', drain_ms: 0 });
    await db.clock.advance(8_000);
    expect(await primary.ask()).toMatchObject({ leads: false, hands_over: true, left_ms: TTL_MS });
    await db.clock.advance(8_000);
    expect(await primary.ask()).toMatchObject({ leads: true, token });
  });

  it('is refused where nobody could lead, where the worker is unknown, and while another is under way', async () => {
    const primary = await member(db, 'primary');
    await primary.lead();
    await expect(request(db, { kind: 'promote' })).rejects.toMatchObject({ code: 'WF501' });
    await expect(request(db, { kind: 'promote', group: 'nobody' })).rejects.toMatchObject({ code: 'WF501' });
    await expect(request(db, { kind: 'promote', worker_id: randomUUID() })).rejects.toMatchObject({ code: 'WF301' });
    await member(db, 'standby');
    const { command_id: id } = await request(db, { kind: 'promote' });
    await expect(request(db, { kind: 'promote' })).rejects.toMatchObject({ code: 'WF502', detail: expect.stringContaining(id) });
  });

  it('by two operators at once is one', async () => {
    const [primary] = [await member(db, 'primary'), await member(db, 'standby')];
    await primary.lead();
    const [one, two] = [await db.session(), await db.session()];
    await one.begin();
    await one.call('request_command', [json({ kind: 'promote' })]);
    const pending = two.start(() => two.call('request_command', [json({ kind: 'promote' })]));
    await two.waitUntilBlocked();
    await one.commit();
    await expect(pending).rejects.toMatchObject({ code: 'WF502' });
  });
});

describe('stop', () => {
  it('drains the group that leads; the lease goes on to a standby, and not back to who replaces the stopped', async () => {
    const [primary, standby] = [await member(db, 'primary'), await member(db, 'standby')];
    const token = await primary.lead();
    const command = await request(db, { kind: 'stop' });
    expect(command).toMatchObject({ target_group: 'primary', state: 'requested' });
    expect(await db.call('heartbeat', [primary.id, '[]'])).toMatchObject([{ state: 'deprecated' }]);
    const replacement = await member(db, 'primary');
    await primary.stop();
    expect(await replacement.ask()).toMatchObject({ leads: false, leader: null });
    expect(await replacement.ask()).toMatchObject({ reason: 'it has just given the lease up' });
    expect(await standby.ask()).toMatchObject({ leads: true, token: token + 1 });
    expect(await commandOf(db, command.command_id)).toMatchObject({ state: 'done', token });
  });

  it('gives the lease up when the last of the group has stopped', async () => {
    const [primary, standby] = [await member(db, 'primary'), await member(db, 'standby')];
    await primary.lead();
    const { command_id: id } = await request(db, { kind: 'stop' });
    await primary.stop();
    expect(await commandOf(db, id)).toMatchObject({ state: 'done' });
    expect(await standby.ask()).toMatchObject({ leads: true });
  });

  it('of one worker leaves the lease with the rest of its group', async () => {
    const [first, second] = [await member(db, 'primary'), await member(db, 'primary')];
    const token = await first.lead();
    expect(await request(db, { kind: 'stop', worker_id: first.id })).toMatchObject({ lease: null, state: 'requested' });
    await first.stop();
    expect(await second.ask()).toMatchObject({ leads: true, token });
  });

  it('of a group that does not lead changes no leader', async () => {
    const [primary, standby] = [await member(db, 'primary'), await member(db, 'standby')];
    const token = await primary.lead();
    expect(await request(db, { kind: 'stop', group: 'standby' })).toMatchObject({ lease: null, target_group: 'standby' });
    expect(await db.call('heartbeat', [standby.id, '[]'])).toMatchObject([{ state: 'deprecated' }]);
    expect(await primary.ask()).toMatchObject({ leads: true, token });
  });

  it('is refused where nobody leads', async () => {
    await member(db, 'primary');
    await expect(request(db, { kind: 'stop' })).rejects.toMatchObject({ code: 'WF501' });
  });
});

describe('fence', () => {
  it('is carried out by the monitor: the token rises, and everybody must acquire anew', async () => {
    const primary = await member(db, 'primary');
    const leaderToken = await primary.lead();
    const { command_id: id } = await request(db, { kind: 'fence' });
    const monitor = await db.make.leaderToken('failover-monitor');
    const fenced = await db.call('fence_leader', [monitor, 'orchestrator:leader', null, 'an operator asked for it', id]);
    expect(fenced).toEqual([{ fence_leader: leaderToken + 1 }]);
    await expect(primary.worker.claim({ leaderToken })).rejects.toMatchObject({ code: 'WF302' });
    expect(await commandOf(db, id)).toMatchObject({ state: 'done', token: leaderToken + 1 });
    expect(await sentences(db, 'fenced')).toEqual(['an operator asked for it']);
    expect(await db.call('fence_leader', [monitor, 'orchestrator:leader', null, 'again', id])).toEqual([{ fence_leader: null }]);
    expect(await primary.ask()).toMatchObject({ leads: true, token: leaderToken + 2 });
  });

  it('of a leader that has been replaced meanwhile does nothing', async () => {
    const primary = await member(db, 'primary');
    const token = await primary.lead();
    const monitor = await db.make.leaderToken('failover-monitor');
    expect(await db.call('fence_leader', [monitor, 'orchestrator:leader', token - 1, 'stale'])).toEqual([{ fence_leader: null }]);
    expect(await primary.ask()).toMatchObject({ leads: true, token });
  });

  it('may be of any lease, the own one of the monitor included; not of one that is not there', async () => {
    const monitor = await db.make.leaderToken('failover-monitor');
    const { command_id: id } = await request(db, { kind: 'fence', lease: 'failover-monitor' });
    expect(await db.call('fence_leader', [monitor, 'failover-monitor', null, 'asked', id])).toEqual([{ fence_leader: monitor + 1 }]);
    await expect(db.call('expire_workers', [monitor, 10])).rejects.toMatchObject({ code: 'WF302' });
    await expect(request(db, { kind: 'fence', lease: 'nobody' })).rejects.toMatchObject({ code: 'WF503' });
  });

  it('comes before a hand-over that is under way', async () => {
    const [primary] = [await member(db, 'primary'), await member(db, 'standby')];
    await primary.lead();
    const { command_id: id } = await request(db, { kind: 'promote' });
    await request(db, { kind: 'fence' });
    expect(await commandOf(db, id)).toMatchObject({ state: 'failed', outcome: 'a fence came before it' });
  });
});

describe('a command', () => {
  it('is finished once', async () => {
    const primary = await member(db, 'primary');
    await primary.lead();
    const { command_id: id } = await request(db, { kind: 'fence' });
    expect(await db.call('finish_command', [id, 'done', 'so it is'])).toEqual([{ finish_command: true }]);
    expect(await db.call('finish_command', [id, 'failed', 'or not'])).toEqual([{ finish_command: false }]);
    await expect(db.call('finish_command', [id, 'requested', 'x'])).rejects.toMatchObject({ code: 'WF001' });
  });

  it.each([
    [{ kind: 'dance' }, 'WF001'],
    [{}, 'WF001'],
    [{ kind: 'stop', lease: 'scheduler' }, 'WF001'],
    [{ kind: 'promote', drain_ms: -1 }, 'WF001'],
    [{ kind: 'promote', worker_id: randomUUID(), group: 'a' }, 'WF001'],
  ])('%j is refused', async (command, code) => {
    await expect(request(db, command)).rejects.toMatchObject({ code });
  });

  it('of failback is a promote by the monitor that leads, and by no other', async () => {
    const standby = await member(db, 'standby');
    await standby.lead();
    const primary = await member(db, 'primary');
    const monitor = await db.make.leaderToken('failover-monitor');
    await expect(db.call('fail_back', [monitor + 1, 'primary', 'x'])).rejects.toMatchObject({ code: 'WF302' });
    await db.call('fail_back', [monitor, 'primary', 'it lives for a minute']);
    await standby.ask();
    expect(await primary.ask()).toMatchObject({ leads: true });
    expect(await sentences(db, 'command_requested')).toEqual(['promote of primary: it lives for a minute']);
  });
});
