import { useTestMesh } from '@singularity-workflow/testkit';
import { ask, begin, entry, grantsTo, learn, LEASE_MS, round, rounds, seal, settle, suspect } from './support.js';

const mesh = useTestMesh(['asia', 'eu', 'us']);
const left = async (region: string) => (await mesh.at(region).db.call<{ lease_left_ms: number | null }>('lease_left_ms'))[0]!.lease_left_ms;

beforeEach(() => mesh.found());

describe('grant_lease', () => {
  it('grants to nobody whom its own monitor has not reached', async () => {
    expect(await ask(mesh, ['us', 'eu'], await begin(mesh, 'us'))).toMatchObject({ granted: false, reason: 'not_reached' });
    await round(mesh, 'eu');
    expect(await ask(mesh, ['us', 'eu'], await begin(mesh, 'us'))).toMatchObject({ granted: true, reason: null });
    await mesh.at('eu').db.clock.advance(LEASE_MS + 1);
    expect(await ask(mesh, ['us', 'eu'], await begin(mesh, 'us'))).toMatchObject({ granted: false, reason: 'not_reached' });
  });

  it('grants to itself without having reached itself', async () => {
    expect(await ask(mesh, ['eu', 'eu'], await begin(mesh, 'eu'))).toMatchObject({ granted: true });
  });

  it('grants a round once, and answers with the highest number that it saw', async () => {
    await rounds(mesh);
    const begun = await begin(mesh, 'us');
    expect(await ask(mesh, ['us', 'eu'], begun)).toMatchObject({ granted: true, last_round: begun.round });
    expect(await ask(mesh, ['us', 'eu'], begun)).toMatchObject({ granted: false, reason: 'round' });
    expect(await ask(mesh, ['us', 'eu'], { ...begun, round: begun.round - 1 })).toMatchObject({ granted: false, last_round: begun.round });
  });

  it('grants for the epoch after the last that it knows only, and tells a caller that is behind what it lacks', async () => {
    await rounds(mesh);
    const begun = await begin(mesh, 'us');
    await learn(mesh, 'eu', [entry(2, { kind: 'nothing' })]);
    expect(await ask(mesh, ['us', 'eu'], begun)).toMatchObject({ granted: false, status: 'behind', entries: [{ epoch: 2 }] });
    await learn(mesh, 'us', [entry(2, { kind: 'nothing' })]);
    expect(await ask(mesh, ['us', 'asia'], { ...begun, epoch: 3 })).toMatchObject({ granted: false, status: 'ahead', last_epoch: 1 });
    expect(await ask(mesh, ['us', 'eu'], { ...begun, epoch: 3 })).toMatchObject({ granted: true, status: 'current' });
  });

  it('grants nothing to whom a majority suspects', async () => {
    await rounds(mesh);
    await suspect(mesh, 'us', 'eu', { granting: true, withhold: true });
    expect(await ask(mesh, ['us', 'eu'], await begin(mesh, 'us'))).toMatchObject({ granted: false, reason: 'suspected' });
    await mesh.own('eu', 'suspect', ['[]']);
    expect(await ask(mesh, ['us', 'eu'], await begin(mesh, 'us'))).toMatchObject({ granted: true });
  });

  it('grants nothing from the beginning of a seal on, before its epoch is decided', async () => {
    await rounds(mesh);
    await seal(mesh, 'us', 'eu', 2);
    expect(await ask(mesh, ['us', 'eu'], await begin(mesh, 'us'))).toMatchObject({ granted: false, reason: 'sealed' });
  });
});

describe('settle_lease', () => {
  it('wins with a majority, for as long as counted from the beginning of the round', async () => {
    await rounds(mesh);
    await mesh.at('us').db.clock.freeze();
    const begun = await begin(mesh, 'us');
    const answers = { us: await ask(mesh, ['us', 'us'], begun), eu: await ask(mesh, ['us', 'eu'], begun) };
    await mesh.at('us').db.clock.advance(40_000);
    expect(await settle(mesh, 'us', begun, answers)).toMatchObject({ won: true, left_ms: LEASE_MS - 40_000 });
    await mesh.at('us').db.clock.advance(LEASE_MS - 40_000);
    expect(await left('us')).toBeNull();
  });

  it('wins nothing without a majority, however often one member grants', async () => {
    await rounds(mesh);
    await mesh.at('us').db.clock.advance(LEASE_MS);
    const begun = await begin(mesh, 'us');
    const grant = await ask(mesh, ['us', 'us'], begun);
    const twice = [1, 2].map(() => ({ member_id: mesh.at('us').memberId, granted: true, last_round: grant.last_round }));
    expect(await mesh.own('us', 'settle_lease', [begun.round, JSON.stringify(twice)])).toMatchObject({ won: false, left_ms: null });
  });

  it('wins nothing with the grants of a round before', async () => {
    await rounds(mesh);
    const begun = await begin(mesh, 'us');
    const answers = { us: await ask(mesh, ['us', 'us'], begun), eu: await ask(mesh, ['us', 'eu'], begun) };
    await begin(mesh, 'us');
    expect(await settle(mesh, 'us', begun, answers)).toMatchObject({ won: false });
  });

  it('stops a member that has lost its past: somebody has seen a later round than it began', async () => {
    await rounds(mesh);
    await mesh.at('us').db.sql('update workflow.region_lease set round = 0');
    expect(await round(mesh, 'us')).toMatchObject({ won: false, left_ms: null });
    await expect(begin(mesh, 'us')).rejects.toMatchObject({ code: 'WF604' });
    await expect(ask(mesh, ['eu', 'us'], await begin(mesh, 'eu'))).rejects.toMatchObject({ code: 'WF604' });
  });

  it('is honoured by the server that it was won on only', async () => {
    await rounds(mesh);
    expect(await left('us')).toBeGreaterThan(0);
    await mesh.at('us').db.sql(`update workflow.region_lease set server_started_at = server_started_at - interval '1 second'`);
    expect(await left('us')).toBeNull();
  });

  it('is cleared by the monitor, but for one that holds it for ever', async () => {
    await rounds(mesh);
    const { db, token } = mesh.at('us');
    await db.as('workflow_monitor').call('clear_lease', [token]);
    expect(await left('us')).toBeNull();
    await mesh.reset();
    await mesh.found(['eu']);
    await mesh
      .at('eu')
      .db.as('workflow_monitor')
      .call('clear_lease', [mesh.at('eu').token]);
    expect(await left('eu')).toBe(2147483647);
  });
});

describe('suspicions', () => {
  it('are told while they are fresh', async () => {
    await rounds(mesh);
    await suspect(mesh, 'us', 'eu');
    expect(await mesh.ask('suspicions', ['asia', 'eu'], [2])).toMatchObject({
      suspected: [mesh.at('us').memberId],
      sealed: [],
      accepted: false,
    });
    await mesh.at('eu').db.clock.advance(LEASE_MS + 1);
    expect(await mesh.ask('suspicions', ['asia', 'eu'], [2])).toMatchObject({ suspected: [] });
  });
});

describe('begin_seal', () => {
  const beginSeal = (epoch: number, seen: number) => mesh.own('eu', 'begin_seal', [mesh.at('us').memberId, epoch, seen]);

  it('is refused when a grant came since the count began', async () => {
    await rounds(mesh);
    await suspect(mesh, 'us', 'eu');
    const seen = await grantsTo(mesh, 'us', 'eu');
    await ask(mesh, ['us', 'eu'], await begin(mesh, 'us'));
    await expect(beginSeal(2, seen)).rejects.toMatchObject({ code: 'WF610' });
  });

  it('counts a grant that is under way', async () => {
    await rounds(mesh);
    await suspect(mesh, 'us', 'eu');
    const seen = await grantsTo(mesh, 'us', 'eu');
    const { epoch, round: number } = await begin(mesh, 'us');
    const granting = await mesh.at('eu').db.session('region_peer');
    await granting.begin();
    await granting.call('grant_lease', [mesh.call('us', 'eu'), epoch, number, { lease_live: true, lease_ms: 1, schema_version: 1 }]);
    const sealing = await mesh.at('eu').db.session('workflow_monitor');
    const sealed = sealing.start(() => sealing.call('begin_seal', [mesh.at('eu').token, mesh.at('us').memberId, 2, seen]));
    await sealing.waitUntilBlocked();
    await granting.commit();
    await expect(sealed).rejects.toMatchObject({ code: 'WF610' });
  });

  it('keeps a grant out that comes while it seals', async () => {
    await rounds(mesh);
    await suspect(mesh, 'us', 'eu');
    const sealing = await mesh.at('eu').db.session('workflow_monitor');
    await sealing.begin();
    await sealing.call('begin_seal', [mesh.at('eu').token, mesh.at('us').memberId, 2, await grantsTo(mesh, 'us', 'eu')]);
    const { epoch, round: number } = await begin(mesh, 'us');
    const granting = await mesh.at('eu').db.session('region_peer');
    const granted = granting.start(() =>
      granting.call('grant_lease', [mesh.call('us', 'eu'), epoch, number, { lease_live: true, lease_ms: 1, schema_version: 1 }]),
    );
    await granting.waitUntilBlocked();
    await sealing.commit();
    expect(await granted).toMatchObject([{ grant_lease: { granted: false, reason: 'sealed' } }]);
  });

  it('is refused for whom nobody here suspects, or who is granted to still', async () => {
    await rounds(mesh);
    const seen = await grantsTo(mesh, 'us', 'eu');
    await expect(beginSeal(2, seen)).rejects.toMatchObject({ code: 'WF610' });
    await suspect(mesh, 'us', 'eu', { granting: true });
    await expect(beginSeal(2, seen)).rejects.toMatchObject({ code: 'WF610' });
  });

  it('is refused for another epoch than the next, and to whoever does not lead', async () => {
    await suspect(mesh, 'us', 'eu');
    await expect(beginSeal(3, 0)).rejects.toMatchObject({ code: 'WF605' });
    const { db, token, memberId } = mesh.at('eu');
    await expect(db.as('workflow_monitor').call('begin_seal', [token + 1, memberId, 2, 0])).rejects.toMatchObject({ code: 'WF302' });
  });
});

describe('a seal', () => {
  const sealsAt = (region: string) =>
    mesh.at(region).db.sql('select epoch, deposed_epoch, ranks is not null as counts from workflow.region_seals');
  const us = () => mesh.at('us').memberId;

  it('has the rank of every group that the sealed one holds', async () => {
    await rounds(mesh);
    await seal(mesh, 'us', 'eu', 2);
    const { seals } = await mesh.ask<{ seals: Record<string, Record<string, object>> }>('prepare', ['asia', 'eu'], [2, 1024]);
    expect(Object.keys(seals)).toEqual([us()]);
    expect(Object.keys(seals[us()]!)).toHaveLength(85);
    expect(seals[us()]!['global/2']).toEqual({ adoption: 0, stream: us(), position: '0/0' });
  });

  it('ranks a group by its latest adoption, and its own stream as whole', async () => {
    await rounds(mesh);
    await learn(mesh, 'eu', [entry(2, { kind: 'move', from: mesh.at('eu').memberId, groups: { 'global/1': us() } })]);
    await mesh.at('eu').db.sql(
      `insert into workflow.group_adoptions (placement_group, home_epoch, region, member_id, written_tick, adopted_at)
       values ('global/2', 2, 'asia', $1, 0, now()), ('global/2', 1, 'us', $2, 0, now())`,
      [mesh.at('asia').memberId, us()],
    );
    await seal(mesh, 'us', 'eu', 3);
    const { seals } = await mesh.ask<{ seals: Record<string, Record<string, object>> }>('prepare', ['eu', 'eu'], [3, 1024]);
    expect(seals[us()]!['global/2']).toEqual({ adoption: 2, stream: mesh.at('asia').memberId, position: '0/0' });
    expect(seals[us()]!['global/1']).toEqual({ adoption: 0, stream: mesh.at('eu').memberId, position: 'FFFFFFFF/FFFFFFFF' });
  });

  it('counts for its epoch only: it ends with it where nobody suspects any more', async () => {
    await rounds(mesh);
    await seal(mesh, 'us', 'eu', 2);
    await mesh.own('eu', 'suspect', ['[]']);
    await learn(mesh, 'eu', [entry(2, { kind: 'nothing' })]);
    expect(await sealsAt('eu')).toEqual([{ epoch: null, deposed_epoch: null, counts: false }]);
    expect(await mesh.ask('prepare', ['asia', 'eu'], [3, 1024])).toMatchObject({ seals: {} });
  });

  it('ends, though this region suspects still, where a majority does not', async () => {
    await rounds(mesh);
    await seal(mesh, 'us', 'eu', 2);
    await suspect(mesh, 'us', 'eu', { withhold: false });
    await learn(mesh, 'eu', [entry(2, { kind: 'nothing' })]);
    expect(await sealsAt('eu')).toEqual([{ epoch: null, deposed_epoch: null, counts: false }]);
  });

  it('is renewed without ranks while a majority suspects the sealed one and it holds groups', async () => {
    await rounds(mesh);
    await seal(mesh, 'us', 'eu', 2);
    await suspect(mesh, 'us', 'eu', { withhold: true });
    await learn(mesh, 'eu', [entry(2, { kind: 'nothing' })]);
    expect(await sealsAt('eu')).toEqual([{ epoch: 3, deposed_epoch: null, counts: false }]);
    expect(await mesh.ask('prepare', ['asia', 'eu'], [3, 1024])).toMatchObject({ seals: {} });
    expect(await mesh.own('eu', 'finish_seal', [us(), 3])).toBe(true);
    expect(await sealsAt('eu')).toEqual([{ epoch: 3, deposed_epoch: null, counts: true }]);
  });

  it('keeps the link disabled until the deposed one itself knows that it is', async () => {
    await rounds(mesh);
    await seal(mesh, 'us', 'eu', 2);
    expect(await mesh.own('eu', 'unseal', [us(), 2])).toBe(false);
    const groups = Object.fromEntries(
      (await mesh.at('eu').db.sql<{ g: string }>(`select placement_group as g from workflow.placement where region = 'us'`)).map(
        ({ g }) => [g, mesh.at('eu').memberId],
      ),
    );
    await learn(mesh, 'eu', [entry(2, { kind: 'takeover', from: us(), groups })]);
    expect(await sealsAt('eu')).toEqual([{ epoch: null, deposed_epoch: 2, counts: false }]);
    expect(await mesh.own('eu', 'unseal', [us(), 1])).toBe(false);
    expect(await mesh.own('eu', 'unseal', [us(), 2])).toBe(true);
    expect(await sealsAt('eu')).toEqual([]);
  });
});
