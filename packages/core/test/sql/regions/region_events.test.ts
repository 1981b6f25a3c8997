// Every decision about regions is a sentence in failover_events of each region that learned or made it, once.
import { randomUUID } from 'node:crypto';
import { useTestMesh } from '@singularity-workflow/testkit';
import { begin, entry, learn, round, rounds, seal, settle, suspect, takeover } from './support.js';

const mesh = useTestMesh(['asia', 'eu', 'us']);
const NOW = () => new Date().toISOString();
const now = (epoch: number, value: object) => ({ ...entry(epoch, value), decided_at: NOW() });

interface Told {
  kind: string;
  subject: string;
  former: string | null;
  successor: string | null;
  reason: string;
  without_ms: number | null;
  recorded_by: string | null;
}
const told = (at: string, kind?: string) =>
  mesh.at(at).db.sql<Told>(
    `select kind, subject, former, successor, reason, without_ms::int, recorded_by from workflow.failover_events
        where $1::text is null and kind <> 'mesh_founded' or kind = $1 order by event_id`,
    [kind ?? null],
  );
const sentences = async (at: string, kind?: string) => (await told(at, kind)).map(({ reason }) => reason);

beforeEach(() => mesh.found());

describe('what the mesh decided', () => {
  it('begins with the mesh', async () => {
    expect(await told('eu', 'mesh_founded')).toMatchObject([
      {
        subject: 'eu',
        successor: 'asia, eu, us',
        reason: 'the mesh of asia, eu, us begins: 85 of its 256 groups are at home in eu (epoch 1)',
      },
    ]);
  });

  it('is told by every region that learns it, with who sealed and for how long nobody executed', async () => {
    const value = {
      ...takeover(mesh, 'us', { 'global/2': 'eu', 'global/5': 'asia', 'global/8': 'asia' }),
      region: 'us',
      sealed_by: [mesh.at('eu').memberId, mesh.at('asia').memberId],
      without_ms: 8123,
    };
    for (const region of ['asia', 'eu', 'us']) {
      await learn(mesh, region, [now(2, value)]);
      expect(await told(region)).toEqual([
        {
          kind: 'groups_taken',
          subject: 'us',
          former: 'us',
          successor: 'asia, eu',
          reason:
            '3 groups of us go to asia (2), eu (1); sealed by asia, eu, granted no lease for 8123 ms; 82 stay with it, and nobody executes them (epoch 2)',
          without_ms: 8123,
          recorded_by: null,
        },
      ]);
    }
  });

  it.each([
    ['ms of another kind', { without_ms: 'for long' }, ''],
    ['ms without end', { without_ms: 1e30 }, ''],
    ['parts of ms', { without_ms: 12.7 }, ', granted no lease for 12 ms'],
    ['nobody who sealed', { sealed_by: 'nobody' }, ''],
    ['sealers that are no ids', { sealed_by: ['somebody', 7] }, '; sealed by 7, somebody'],
  ])('is learned and told though a later release writes %s', async (_, odd, end) => {
    await learn(mesh, 'eu', [now(2, { ...takeover(mesh, 'us', { 'global/2': 'eu' }), ...odd })]);
    expect(await sentences('eu')).toEqual([
      `group global/2 of us goes to eu (1)${end}; 84 stay with it, and nobody executes them (epoch 2)`,
    ]);
  });

  it('is told once, however often it is learned, and says so when it is learned late', async () => {
    const late = { ...now(2, takeover(mesh, 'us', { 'global/2': 'eu' })), decided_at: new Date(Date.now() - 95_000).toISOString() };
    await learn(mesh, 'eu', [late]);
    await learn(mesh, 'eu', [late]);
    expect(await sentences('eu')).toEqual([
      expect.stringMatching(
        /^group global\/2 of us goes to eu \(1\); 84 stay with it, and nobody executes them \(epoch 2, learned 9\d s later\)$/,
      ),
    ]);
  });

  it('says why a move was wished, and nothing where it changed nothing', async () => {
    const move = { kind: 'move', from: mesh.at('us').memberId, groups: { 'global/2': mesh.at('eu').memberId } };
    await learn(mesh, 'asia', [now(2, { ...move, why: 'an operator empties us', without_ms: 700 }), now(3, move)]);
    expect(await told('asia')).toMatchObject([
      {
        kind: 'groups_moved',
        subject: 'us',
        former: 'us',
        successor: 'eu',
        reason: 'us hands group global/2 to eu (1): an operator empties us (epoch 2)',
        without_ms: 700,
      },
    ]);
  });

  it('names each step of a member, and not one that came too late', async () => {
    const step = (state: string, behind: number, why?: string) => ({
      kind: 'member',
      region: 'us',
      member_id: mesh.at('us').memberId,
      zone: 'global',
      addresses: {},
      state,
      behind,
      why,
    });
    await learn(mesh, 'eu', [
      now(2, step('retiring', 1, 'an operator asked to remove us')),
      now(3, step('full', 1)),
      now(4, step('full', 2)),
    ]);
    expect(await told('eu')).toMatchObject([
      { kind: 'member_changed', subject: 'us', reason: 'us becomes retiring: an operator asked to remove us (epoch 2)' },
      { kind: 'member_changed', subject: 'us', reason: 'us becomes full (epoch 4)' },
    ]);
  });

  it('names a takeover that was forced, and who is out of the mesh; whoever is out stands still', async () => {
    const forced = {
      ...takeover(mesh, 'us', { 'global/2': 'eu' }),
      region: 'us',
      lost: [mesh.at('us').memberId],
      mesh_id: randomUUID(),
      why: 'an operator gave it up',
    };
    await learn(mesh, 'eu', [now(2, forced)]);
    await learn(mesh, 'us', [now(2, forced)]);
    expect(await told('eu')).toMatchObject([
      {
        kind: 'mesh_forced',
        former: 'us',
        successor: 'eu',
        reason:
          'group global/2 of us goes to eu (1): an operator gave it up; a new mesh begins without us; 84 stay with it, and nobody executes them (epoch 2)',
      },
    ]);
    expect(await told('us', 'region_stopped')).toMatchObject([{ subject: 'us', reason: 'us stands still: it left the mesh in epoch 2' }]);
  });

  it('is not told where it is about tenants, versions or nothing', async () => {
    const tenants = Array.from({ length: 50 }, (_, n) =>
      now(n + 2, { kind: 'register', by: mesh.at('eu').memberId, tenants: [{ tenant_id: `t${n}` }] }),
    );
    await learn(mesh, 'eu', [
      ...tenants,
      now(52, { kind: 'catalog', by: mesh.at('eu').memberId, items: [] }),
      now(53, { kind: 'nothing' }),
    ]);
    expect(await told('eu')).toEqual([]);
  });

  it('stops a region whose release does not know it, which is told once', async () => {
    const unknown = { epoch: 2, value: { version: 2, kind: 'takeover' }, decided_at: NOW() };
    await learn(mesh, 'eu', [unknown]);
    await learn(mesh, 'eu', [unknown]);
    expect(await told('eu')).toMatchObject([
      {
        kind: 'region_stopped',
        subject: 'eu',
        reason: 'eu stands still before epoch 2: this release does not know its value (takeover, version 2); upgrade it',
      },
    ]);
  });
});

describe('what a region decides by itself', () => {
  it('a seal, once for as long as it lasts, and its end', async () => {
    await rounds(mesh);
    await seal(mesh, 'us', 'eu', 2);
    const grants = await mesh
      .at('eu')
      .db.sql<{ grants: number }>(`select grants from workflow.lease_grants where member_id = $1`, [mesh.at('us').memberId]);
    await mesh.own('eu', 'begin_seal', [mesh.at('us').memberId, 2, grants[0]!.grants, 'again']);
    await learn(mesh, 'eu', [now(2, takeover(mesh, 'us', { 'global/2': 'eu' }))]);
    await mesh.own('eu', 'suspect', ['[]']);
    expect(await mesh.own('eu', 'unseal', [mesh.at('us').memberId, 1])).toBe(false);
    expect(await mesh.own('eu', 'unseal', [mesh.at('us').memberId, 2])).toBe(true);
    expect(await mesh.own('eu', 'unseal', [mesh.at('us').memberId, 2])).toBe(true);
    expect(await told('eu', 'member_sealed')).toMatchObject([
      { subject: 'us', reason: 'eu grants us no lease and takes nothing from it', without_ms: expect.any(Number) as number },
    ]);
    expect(await told('eu', 'member_unsealed')).toMatchObject([
      { subject: 'us', reason: 'eu takes what us writes again: it knows epoch 2, which deposed it' },
    ]);
  });

  it('says why it sealed', async () => {
    await rounds(mesh);
    await suspect(mesh, 'us', 'eu');
    const [{ grants }] = (await mesh
      .at('eu')
      .db.sql(`select grants from workflow.lease_grants where member_id = $1`, [mesh.at('us').memberId])) as [{ grants: number }];
    await mesh.own('eu', 'begin_seal', [mesh.at('us').memberId, 2, grants, '2 of 3 members suspect us']);
    expect(await sentences('eu', 'member_sealed')).toEqual(['eu grants us no lease and takes nothing from it: 2 of 3 members suspect us']);
  });
});

describe('the lease of a region', () => {
  const settleNothing = async (region: string) => settle(mesh, region, await begin(mesh, region), {});

  it('is not told as long as it is renewed', async () => {
    for (let times = 0; times < 5; times += 1) await rounds(mesh);
    expect(await told('eu')).toEqual([]);
  });

  it('is told when it is lost and when it is won again, with how long it was away', async () => {
    const { db } = mesh.at('us');
    await rounds(mesh);
    await db.clock.freeze();
    await round(mesh, 'us');
    await db.clock.advance(59_000);
    await settleNothing('us');
    expect(await told('us')).toEqual([]);
    await db.clock.advance(2_000);
    await settleNothing('us');
    await settleNothing('us');
    await db.clock.advance(5_000);
    await round(mesh, 'us');
    expect(await told('us')).toMatchObject([
      {
        kind: 'region_lease_lost',
        subject: 'us',
        former: 'us',
        reason: 'us has lost its lease and executes nothing: 0 grants are no majority',
      },
      {
        kind: 'region_lease_won',
        subject: 'us',
        successor: 'us',
        reason: 'us has its lease again after 6000 ms without',
        without_ms: 6000,
      },
    ]);
  });

  it('is told once where its monitor ends it', async () => {
    await rounds(mesh);
    await mesh.own('us', 'clear_lease', ['1 grants are no majority']);
    await mesh.own('us', 'clear_lease', ['1 grants are no majority']);
    await settleNothing('us');
    expect(await sentences('us')).toEqual(['us has lost its lease and executes nothing: 1 grants are no majority']);
  });

  it('is told where nobody was there to see it lost', async () => {
    const { db } = mesh.at('us');
    await rounds(mesh);
    await db.clock.freeze();
    await round(mesh, 'us');
    await db.clock.advance(70_000);
    await round(mesh, 'us');
    expect(await told('us')).toMatchObject([
      { kind: 'region_lease_won', reason: 'us has its lease again after 10000 ms without: nobody renewed it', without_ms: 10_000 },
    ]);
  });
});
