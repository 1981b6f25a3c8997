import { randomUUID } from 'node:crypto';
import { useTestDatabase, useTestMesh } from '@singularity-workflow/testkit';

const mesh = useTestMesh(['asia', 'eu', 'us']);
const regions = ['asia', 'eu', 'us'] as const;

const now = '2026-01-01T00:00:00Z';
const entry = (epoch: number, value: object) => ({ epoch, value: { version: 1, ...value }, decided_at: now });
const learn = (to: string, entries: object[], from = 'asia') =>
  mesh.ask<{ last_epoch: number; status: string }>('learn_topology', [from, to], [JSON.stringify(entries)]);
const groupsOf = async (region: string, at = 'eu') =>
  (
    await mesh.at(at).db.sql<{ g: string }>('select placement_group as g from workflow.placement where region = $1 order by 1', [region])
  ).map(({ g }) => g);
const takeover = (from: string, to: Record<string, string>) => ({
  kind: 'takeover',
  from: mesh.at(from).memberId,
  groups: Object.fromEntries(Object.entries(to).map(([group, heir]) => [group, mesh.at(heir).memberId])),
});

describe('found_mesh', () => {
  it('writes the same epoch 1 wherever it is written, in whatever order the regions are named', async () => {
    const members = regions.map((region) => ({ region, member_id: mesh.at(region).memberId, zone: 'global' }));
    const ids = [
      await mesh.own('asia', 'found_mesh', ['asia', JSON.stringify(members)]),
      await mesh.own('eu', 'found_mesh', ['eu', JSON.stringify(members.toReversed())]),
    ];
    expect(ids[0]).toBe(ids[1]);
    const [a, b] = await Promise.all(['asia', 'eu'].map((one) => mesh.at(one).db.sql('select epoch, value from workflow.topology')));
    expect(a).toEqual(b);
  });

  it('deals the 256 groups round', async () => {
    await mesh.found();
    const counts = await mesh
      .at('us')
      .db.sql('select region, count(*)::int as groups from workflow.placement group by region order by region');
    expect(counts).toEqual([
      { region: 'asia', groups: 86 },
      { region: 'eu', groups: 85 },
      { region: 'us', groups: 85 },
    ]);
    expect(await groupsOf('asia')).toContain('global/0');
    expect(await groupsOf('eu')).toContain('global/1');
  });

  it('refuses a second log', async () => {
    await mesh.found();
    await expect(mesh.found()).rejects.toMatchObject({ code: 'WF607' });
  });

  it('refuses a copied database, which has the member id of the one that it was copied from', async () => {
    const member_id = mesh.at('eu').memberId;
    const members = [
      { region: 'eu', member_id, zone: 'global' },
      { region: 'us', member_id, zone: 'global' },
    ];
    await expect(mesh.own('eu', 'found_mesh', ['eu', JSON.stringify(members)])).rejects.toMatchObject({ code: 'WF001' });
  });

  it('refuses several regions where one has runs already, but not one alone', async () => {
    const { db } = mesh.at('eu');
    await db.make.define('w', 'a');
    await db.make.start('w');
    await expect(mesh.found(['eu', 'us'])).rejects.toMatchObject({ code: 'WF608' });
    await expect(mesh.found(['eu'])).resolves.toBeUndefined();
  });

  it('of one region gives it a lease for ever', async () => {
    await mesh.found(['eu']);
    expect(await mesh.at('eu').db.call('lease_left_ms')).toEqual([{ lease_left_ms: 2147483647 }]);
    await mesh.reset();
    await mesh.found();
    expect(await mesh.at('eu').db.call('lease_left_ms')).toEqual([{ lease_left_ms: null }]);
  });
});

describe('learn_topology', () => {
  beforeEach(() => mesh.found());

  it('moves the groups of a takeover and gives them the epoch as their tenure', async () => {
    expect(await learn('eu', [entry(2, takeover('us', { 'global/2': 'eu', 'global/5': 'asia' }))])).toMatchObject({
      last_epoch: 2,
      status: 'current',
    });
    const rows = await mesh
      .at('eu')
      .db.sql(
        `select region, tenure from workflow.placement where placement_group in ('global/2', 'global/5', 'global/8') order by placement_group`,
      );
    expect(rows).toEqual([
      { region: 'eu', tenure: 2 },
      { region: 'asia', tenure: 2 },
      { region: 'us', tenure: 1 },
    ]);
    const history = await mesh
      .at('eu')
      .db.sql(`select tenure, region from workflow.placement_history where placement_group = 'global/2' order by tenure`);
    expect(history).toEqual([
      { tenure: 1, region: 'us' },
      { tenure: 2, region: 'eu' },
    ]);
  });

  it('takes nothing from a region that does not hold it', async () => {
    await learn('eu', [entry(2, takeover('us', { 'global/0': 'eu' }))]);
    expect(await groupsOf('asia')).toContain('global/0');
  });

  it('learns an entry once, and refuses another value for an epoch that it knows', async () => {
    await learn('eu', [entry(2, { kind: 'nothing' })]);
    expect(await learn('eu', [entry(2, { kind: 'nothing' }), entry(3, { kind: 'nothing' })])).toMatchObject({ last_epoch: 3 });
    await expect(learn('eu', [entry(2, takeover('us', {}))])).rejects.toMatchObject({ code: 'WF606' });
  });

  it('leaves what follows a gap', async () => {
    expect(await learn('eu', [entry(3, { kind: 'nothing' })])).toMatchObject({ last_epoch: 1 });
  });

  it('stops at a value of a version that it does not know, with what came before it learned', async () => {
    const unknown = { epoch: 3, value: { version: 2, kind: 'takeover' }, decided_at: now };
    expect(await learn('eu', [entry(2, { kind: 'nothing' }), unknown])).toMatchObject({ last_epoch: 2, status: 'unknown_value' });
    expect(await learn('eu', [entry(3, { kind: 'something' })])).toMatchObject({ last_epoch: 2, status: 'unknown_value' });
  });

  it('is refused to whoever is of another mesh, takes this database for another, or is no member', async () => {
    const call = mesh.call('asia', 'eu');
    const ask = (changed: object) =>
      mesh
        .at('eu')
        .db.as('region_peer')
        .call('learn_topology', [{ ...call, ...changed }, '[]']);
    await expect(ask({ mesh_id: randomUUID() })).rejects.toMatchObject({ code: 'WF602' });
    await expect(ask({ to: randomUUID() })).rejects.toMatchObject({ code: 'WF603' });
    await expect(ask({ from: randomUUID() })).rejects.toMatchObject({ code: 'WF603' });
    await expect(ask({})).resolves.toBeDefined();
  });

  it('waits for the transactions that write rows of a group here before it takes one away', async () => {
    const writer = await mesh.at('us').db.session();
    await writer.sql(`set transaction_timeout = '4s'`);
    await writer.begin();
    await writer.call('share_home');
    const entries = JSON.stringify([entry(2, takeover('us', { 'global/2': 'eu' }))]);
    await expect(learn('us', JSON.parse(entries) as object[])).rejects.toMatchObject({ code: '55P03' });
    await writer.commit();
    expect(await learn('us', JSON.parse(entries) as object[])).toMatchObject({ last_epoch: 2 });
  });

  it('waits for nobody where others lose their groups', async () => {
    const writer = await mesh.at('eu').db.session();
    await writer.sql(`set transaction_timeout = '4s'`);
    await writer.begin();
    await writer.call('share_home');
    expect(await learn('eu', [entry(2, takeover('us', { 'global/2': 'eu' }))])).toMatchObject({ last_epoch: 2 });
  });

  it('tells whoever asks what it lacks', async () => {
    await learn('eu', [entry(2, { kind: 'nothing' }), entry(3, { kind: 'nothing' })]);
    const [{ topology_since: since }] = (await mesh
      .at('eu')
      .db.as('region_peer')
      .call<{ topology_since: { entries: { epoch: number }[] } }>('topology_since', [1])) as [
      { topology_since: { entries: { epoch: number }[] } },
    ];
    expect(since).toMatchObject({ mesh_id: mesh.meshId, last_epoch: 3, member_id: mesh.at('eu').memberId });
    expect(since.entries.map(({ epoch }) => epoch)).toEqual([2, 3]);
  });
});

describe('members', () => {
  beforeEach(() => mesh.found(['asia', 'eu']));
  const step = (epoch: number, state: string, behind: number) =>
    learn('eu', [
      entry(epoch, { kind: 'member', region: 'us', member_id: mesh.at('us').memberId, zone: 'global', addresses: {}, state, behind }),
    ]);
  const stateOf = async () =>
    (await mesh.at('eu').db.sql<{ state: string }>(`select state from workflow.region_members where region = 'us'`))[0]?.state;

  it('take one step at a time, each behind the barrier of the one before', async () => {
    await step(2, 'joining', 1);
    expect(await stateOf()).toBe('joining');
    await step(3, 'full', 1);
    expect(await stateOf()).toBe('joining');
    await step(4, 'full', 2);
    expect(await stateOf()).toBe('full');
    await step(5, 'copying', 4);
    expect(await stateOf()).toBe('full');
  });

  it('that hold a group do not go', async () => {
    await step(2, 'joining', 1);
    await step(3, 'full', 2);
    await learn('eu', [entry(4, { kind: 'move', from: mesh.at('asia').memberId, groups: { 'global/0': mesh.at('us').memberId } })]);
    await step(5, 'retiring', 3);
    await step(6, 'gone', 5);
    expect(await stateOf()).toBe('retiring');
    await learn('eu', [entry(7, { kind: 'move', from: mesh.at('us').memberId, groups: { 'global/0': mesh.at('asia').memberId } })]);
    await step(8, 'gone', 5);
    expect(await stateOf()).toBe('gone');
  });

  it('come back under their name as somebody else', async () => {
    await step(2, 'joining', 1);
    await step(3, 'gone', 2);
    const again = { kind: 'member', region: 'us', member_id: randomUUID(), zone: 'global', addresses: {}, state: 'joining', behind: 3 };
    await learn('eu', [entry(4, again)]);
    expect(await mesh.at('eu').db.sql(`select state from workflow.region_members where region = 'us' order by member_epoch`)).toEqual([
      { state: 'gone' },
      { state: 'joining' },
    ]);
  });

  it('learn the whole log when they join', async () => {
    await step(2, 'joining', 1);
    const [{ topology_since: since }] = (await mesh.at('eu').db.call<{ topology_since: { entries: object[] } }>('topology_since', [0])) as [
      { topology_since: { entries: object[] } },
    ];
    expect(await mesh.own('us', 'join_mesh', ['us', JSON.stringify(since.entries)])).toBe(2);
    expect(await groupsOf('asia', 'us')).toEqual(await groupsOf('asia', 'eu'));
  });

  it('are refused where the log does not name them', async () => {
    const [{ topology_since: since }] = (await mesh.at('eu').db.call<{ topology_since: { entries: object[] } }>('topology_since', [0])) as [
      { topology_since: { entries: object[] } },
    ];
    await expect(mesh.own('us', 'join_mesh', ['us', JSON.stringify(since.entries)])).rejects.toMatchObject({ code: 'WF603' });
  });

  it('end the lease for ever of one that was alone', async () => {
    await mesh.reset();
    await mesh.found(['eu']);
    const tell = (epoch: number, state: string, behind: number) =>
      learn('eu', [entry(epoch, { kind: 'member', region: 'us', member_id: mesh.at('us').memberId, zone: 'global', state, behind })], 'eu');
    await tell(2, 'joining', 1);
    expect(await mesh.at('eu').db.call('lease_left_ms')).toEqual([{ lease_left_ms: 2147483647 }]);
    await tell(3, 'full', 2);
    expect(await mesh.at('eu').db.call('lease_left_ms')).toEqual([{ lease_left_ms: null }]);
  });
});

describe('home_of', () => {
  const alone = useTestDatabase();
  const homes = (region: string, tenants: string[]) => mesh.at(region).db.as('workflow_router').call('home_of', [tenants]);

  it('of one region alone is here, under tenure 1', async () => {
    expect(await alone.call('home_of', [['acme']])).toMatchObject([{ tenant_id: 'acme', region: null, tenure: 1 }]);
  });

  it('is the same at every region, each tenant once', async () => {
    await mesh.found();
    const [a, b] = await Promise.all([homes('asia', ['acme', 'globex', 'acme']), homes('us', ['acme', 'globex', 'acme'])]);
    expect(a).toEqual(b);
    expect(a).toHaveLength(2);
  });

  it('of a tenant that was split off stays where it was, with its tenure, until it moves by itself', async () => {
    await mesh.found();
    const [home] = (await homes('eu', ['acme'])) as [{ region: string; placement_group: string; member_id: string }];
    const split = { kind: 'register', by: home.member_id, tenants: [{ tenant_id: 'acme', split: true }] };
    await learn('eu', [entry(2, { kind: 'nothing' }), entry(3, split)]);
    expect(await homes('eu', ['acme'])).toEqual([{ ...home, placement_group: 'tenant/acme' }]);
    const other = regions.find((region) => region !== home.region)!;
    await learn('eu', [entry(4, { kind: 'move', from: home.member_id, groups: { 'tenant/acme': mesh.at(other).memberId } })]);
    expect(await homes('eu', ['acme'])).toMatchObject([{ region: other, tenure: 4 }]);
    expect(await groupsOf(home.region)).toContain(home.placement_group);
  });

  it('is not split off by anybody but its home', async () => {
    await mesh.found();
    const [home] = (await homes('eu', ['acme'])) as [{ region: string; placement_group: string }];
    const other = regions.find((region) => region !== home.region)!;
    await learn('eu', [entry(2, { kind: 'register', by: mesh.at(other).memberId, tenants: [{ tenant_id: 'acme', split: true }] })]);
    expect(await homes('eu', ['acme'])).toMatchObject([{ placement_group: home.placement_group }]);
  });
});
