import { useTestMesh } from '@singularity-workflow/testkit';
import { entry, learn } from './support.js';

const mesh = useTestMesh(['asia', 'eu', 'us']);
beforeEach(() => mesh.found());

const prepare = (ballot: number, epoch = 2) => mesh.ask<{ promised: number }>('prepare', ['asia', 'eu'], [epoch, ballot]);
const accept = (ballot: number, value: object, epoch = 2) =>
  mesh.ask<{ promised: number }>('accept', ['asia', 'eu'], [epoch, ballot, { version: 1, ...value }]);
const nothing = { kind: 'nothing' };

describe('next_ballot', () => {
  it('gives every member numbers of its own, each above the last and above what it was told', async () => {
    const given = [];
    for (const region of ['asia', 'eu', 'us', 'asia']) given.push(await mesh.own<number>(region, 'next_ballot', [2, 0]));
    expect(new Set(given).size).toBe(4);
    const above = await mesh.own<number>('asia', 'next_ballot', [2, 500_000]);
    expect(above).toBeGreaterThan(500_000);
    expect(await mesh.own<number>('asia', 'next_ballot', [2, 0])).toBeGreaterThan(above);
  });

  it('is promised to itself before anybody hears of it', async () => {
    const ballot = await mesh.own<number>('eu', 'next_ballot', [2, 0]);
    expect(await prepare(ballot - 1)).toMatchObject({ promised: ballot });
    expect(await accept(ballot - 1, nothing)).toMatchObject({ promised: ballot });
    expect(await prepare(ballot + 1)).toMatchObject({ promised: ballot + 1, accepted_value: null });
  });

  it('is above what its member promised to others', async () => {
    await prepare(7_000_000);
    expect(await mesh.own<number>('eu', 'next_ballot', [2, 0])).toBeGreaterThan(7_000_000);
  });
});

describe('prepare', () => {
  it('promises to the highest ballot, and tells what it accepted', async () => {
    expect(await prepare(2048)).toMatchObject({ status: 'current', promised: 2048, accepted_ballot: null, accepted_value: null });
    expect(await prepare(1024)).toMatchObject({ promised: 2048 });
    await accept(2048, nothing);
    expect(await prepare(4096)).toMatchObject({ promised: 4096, accepted_ballot: 2048, accepted_value: { kind: 'nothing' } });
  });

  it('keeps a promise over the epoch before: it belongs to its epoch', async () => {
    await prepare(9_000_000);
    await learn(mesh, 'eu', [entry(2, nothing)]);
    expect(await prepare(1024, 3)).toMatchObject({ promised: 1024 });
  });

  it('is for the next epoch only: who is behind is told, and who is ahead must tell', async () => {
    await learn(mesh, 'eu', [entry(2, nothing)]);
    expect(await prepare(1024, 2)).toMatchObject({ status: 'behind', entries: [{ epoch: 2, value: nothing }] });
    expect(await prepare(1024, 4)).toMatchObject({ status: 'ahead', last_epoch: 2 });
  });
});

describe('accept', () => {
  it('accepts what no higher promise forbids', async () => {
    await prepare(2048);
    expect(await accept(1024, { kind: 'nothing', of: 'the lower' })).toMatchObject({ promised: 2048 });
    expect(await accept(2048, { kind: 'nothing', of: 'the higher' })).toMatchObject({ promised: 2048 });
    expect(await prepare(4096)).toMatchObject({ accepted_ballot: 2048, accepted_value: { of: 'the higher' } });
  });

  it('accepts without having been asked to promise, and holds to it', async () => {
    expect(await accept(2048, nothing)).toMatchObject({ promised: 2048 });
    expect(await prepare(1024)).toMatchObject({ promised: 2048, accepted_ballot: 2048 });
  });

  it('refuses what is no value', async () => {
    await expect(mesh.ask('accept', ['asia', 'eu'], [2, 1024, { kind: 'nothing' }])).rejects.toMatchObject({ code: 'WF001' });
  });
});

describe('barrier', () => {
  it('answers with the position that is to be confirmed, and then who has confirmed it', async () => {
    const asked = await mesh.ask<{ position: string }>('barrier', ['asia', 'eu'], [1, null]);
    expect(asked).toMatchObject({ holds: ['global'], knows: true, lease_is_newer: true, marked: true, confirmed: [] });
    expect(await mesh.ask('barrier', ['asia', 'eu'], [1, asked.position])).toMatchObject({ position: asked.position });
    expect(await mesh.ask('barrier', ['asia', 'eu'], [2, null])).toMatchObject({ knows: false });
  });

  it('waits for the markers of the groups that a home was given', async () => {
    await learn(mesh, 'eu', [entry(2, { kind: 'move', from: mesh.at('us').memberId, groups: { 'global/2': mesh.at('eu').memberId } })]);
    expect(await mesh.ask('barrier', ['asia', 'eu'], [1, null])).toMatchObject({ marked: false, position: null });
    await mesh
      .at('eu')
      .db.sql(
        `insert into workflow.group_adoptions (placement_group, home_epoch, region, member_id, written_tick, adopted_at) values ('global/2', 2, 'eu', $1, 0, now())`,
        [mesh.at('eu').memberId],
      );
    expect(await mesh.ask('barrier', ['asia', 'eu'], [1, null])).toMatchObject({ marked: true });
  });
});

describe('request_region_command', () => {
  it('notes a wish, which the monitor finishes once', async () => {
    const router = mesh.at('eu').db.as('workflow_router');
    const [row] = await router.call<{ command_id: string }>('request_region_command', [
      { command: 'failover', arguments: { region: 'us' } },
    ]);
    expect(row).toMatchObject({ command: 'failover', state: 'requested', arguments: { region: 'us' } });
    expect(await mesh.own('eu', 'finish_region_command', [row!.command_id, 'done', 'us is down'])).toBe(true);
    expect(await mesh.own('eu', 'finish_region_command', [row!.command_id, 'failed', 'again'])).toBe(false);
  });

  it.each([
    ['nobody', []],
    ['a tenant without an id', [{}]],
    ['a zone that nobody is in', [{ tenant_id: 'acme', residency: 'mars' }]],
    ['a fallback that is no region', [{ tenant_id: 'acme', fallback_regions: ['mars'] }]],
    ['a fallback named twice', [{ tenant_id: 'acme', fallback_regions: ['us', 'eu', 'us'] }]],
    ['fallbacks that are no list', [{ tenant_id: 'acme', fallback_regions: 'us' }]],
    ['a durability that there is not', [{ tenant_id: 'acme', default_durability: 'hope' }]],
  ])('refuses to register %s', async (_, tenants) => {
    const router = mesh.at('eu').db.as('workflow_router');
    await expect(router.call('request_region_command', [{ command: 'register', arguments: { tenants } }])).rejects.toMatchObject({
      code: 'WF001',
    });
  });

  it('refuses what is no command, and a region without a mesh', async () => {
    const ask = (command: string) => mesh.at('eu').db.as('workflow_router').call('request_region_command', [{ command }]);
    await expect(ask('explode')).rejects.toMatchObject({ code: 'WF001' });
    await mesh.reset();
    await expect(ask('failover')).rejects.toMatchObject({ code: 'WF601' });
  });
});
