import { useTestMesh, waitFor } from '@singularity-workflow/testkit';
import { epochAt, leftMsAt, logsAgree, Monitors, placesAt, TIMING } from '../support/monitors.js';

jest.setTimeout(600_000);

const SOON = { timeoutMs: 180_000 };

describe('operators of two regions', () => {
  const mesh = useTestMesh(['eu', 'us']);
  let monitors: Monitors;
  beforeEach(() => {
    monitors = new Monitors(mesh, TIMING);
  });
  afterEach(() => monitors.stopAll());

  const live = (...regions: string[]) =>
    waitFor(
      async () =>
        (
          await Promise.all(regions.map(async (region) => (await epochAt(mesh, region)) > 0 && (await leftMsAt(mesh, region)) !== null))
        ).every(Boolean),
      {
        ...SOON,
        until: `${regions.join(' and ')} execute`,
      },
    );
  const ask = async (region: string, command: string, given: object) => {
    const [row] = await mesh
      .at(region)
      .db.as('workflow_router')
      .call<{ command_id: string }>('request_region_command', [{ command, arguments: given }]);
    return row!.command_id;
  };
  const outcome = (region: string, id: string, state = 'done') =>
    waitFor(
      async () => {
        const [row] = await mesh
          .at(region)
          .db.sql<{ state: string; outcome: string }>('select state, outcome from workflow.region_commands where command_id = $1', [id]);
        return row!.state === state ? row!.outcome : null;
      },
      { ...SOON, until: `the command is ${state}` },
    );

  it('register tenants, known in both regions', async () => {
    await monitors.startAll();
    await live('eu', 'us');
    const id = await ask('eu', 'register', { tenants: [{ tenant_id: 'acme', default_durability: 'quorum' }] });
    expect(await outcome('eu', id)).toBe('1 tenant is registered');
    await waitFor(
      async () =>
        (await mesh.at('us').db.sql(`select 1 from workflow.tenant_registry where tenant_id = 'acme' and default_durability = 'quorum'`))
          .length === 1,
      {
        ...SOON,
        until: 'us knows the tenant',
      },
    );
  });

  it('give a tenant with fallback regions a group of its own at its home, whichever region they ask', async () => {
    await monitors.startAll();
    await live('eu', 'us');
    const names = Array.from({ length: 40 }, (_, n) => `tenant-${n}`);
    const homes = await mesh
      .at('eu')
      .db.sql<{ tenant: string; region: string }>('select tenant_id as tenant, region from workflow.home_of($1)', [names]);
    const [ofUs, ofEu] = ['us', 'eu'].map((region) => homes.find((home) => home.region === region)!.tenant) as [string, string];
    const places = async (region: string) =>
      mesh.at(region).db.sql(
        `select h.tenant_id as tenant, h.region, h.placement_group as group, h.tenure, p.split_from is not null as split
           from workflow.home_of($1) h join workflow.placement p on p.placement_group = h.placement_group order by h.region`,
        [[ofUs, ofEu]],
      );
    const tenants = [ofUs, ofEu].map((tenant_id) => ({ tenant_id, fallback_regions: ['us', 'eu'] }));
    const told = `2 tenants are registered, with groups of their own: ${ofEu} in eu, ${ofUs} in us`;
    expect((await outcome('eu', await ask('eu', 'register', { tenants }))).split(': ')[0]).toBe(told.split(': ')[0]);
    const expected = [
      { tenant: ofEu, region: 'eu', group: `tenant/${ofEu}`, tenure: 1, split: true },
      { tenant: ofUs, region: 'us', group: `tenant/${ofUs}`, tenure: 1, split: true },
    ];
    for (const region of ['eu', 'us'])
      await waitFor(async () => (await epochAt(mesh, region)) === 4, { ...SOON, until: `${region} knows one registration and two splits` });
    expect([await places('eu'), await places('us')]).toEqual([expected, expected]);

    await outcome('us', await ask('us', 'register', { tenants })); // again: nothing is left to be split off
    await outcome('us', await ask('us', 'register', { tenants: [{ tenant_id: ofEu, fallback_regions: [] }] }));
    await waitFor(async () => (await epochAt(mesh, 'eu')) === 6, { ...SOON, until: 'eu knows both' });
    expect(await places('eu')).toEqual(expected); // it never goes back into the group that it left
  });

  it('are told by a region to ask the home of what it cannot move', async () => {
    await monitors.startAll();
    await live('eu', 'us');
    const [tenant] = await mesh
      .at('eu')
      .db.sql<{ tenant: string }>(`select h.tenant_id as tenant from workflow.home_of($1) h where h.region = 'us' limit 1`, [
        Array.from({ length: 40 }, (_, n) => `tenant-${n}`),
      ]);
    const id = await ask('eu', 'move', { tenants: [tenant!.tenant], region: 'eu' });
    expect(await outcome('eu', id, 'failed')).toBe(`tenant ${tenant!.tenant} is not at home here: ask its home`);
    expect(await epochAt(mesh, 'eu')).toBe(1);
  });

  it('lose both when one is down, until they force the takeover; the lost one comes back and stands still', async () => {
    await monitors.startAll();
    await live('eu', 'us');
    await monitors.takeDown('us');
    await waitFor(async () => (await leftMsAt(mesh, 'eu')) === null, { ...SOON, until: 'eu stops too' });
    expect(await epochAt(mesh, 'eu')).toBe(1);
    const id = await ask('eu', 'failover', { region: 'us', force: true });
    await live('eu');
    expect(await placesAt(mesh, 'eu')).toEqual({ eu: 256 });
    await outcome('eu', id);
    await monitors.bringUp('us');
    const stopped = async () =>
      (await mesh.at('us').db.sql<{ reason: string | null }>('select stopped_reason as reason from workflow.mesh'))[0]!.reason;
    await waitFor(stopped, { ...SOON, until: 'us knows that it was given up' });
    expect(await stopped()).toBe('it left the mesh in epoch 2');
    expect(await leftMsAt(mesh, 'us')).toBeNull();
    expect(await leftMsAt(mesh, 'eu')).not.toBeNull();

    const former = mesh.at('us').memberId;
    await outcome('us', await ask('us', 'resync', { region: 'us' }));
    expect(await leftMsAt(mesh, 'us')).toBeNull();
    expect(await mesh.at('us').db.sql("select region from workflow.home_of(array['acme'])")).toEqual([{ region: null }]);
    await ask('eu', 'add', { region: 'us' });
    await waitFor(async () => (await epochAt(mesh, 'us')) === 3, { ...SOON, until: 'us has joined anew' });
    const members = await mesh
      .at('us')
      .db.sql(`select member_id = $1 as former, state from workflow.region_members where region = 'us' order by member_epoch`, [former]);
    expect(members).toEqual([
      { former: true, state: 'gone' },
      { former: false, state: 'joining' },
    ]);
  });

  it('force nothing while the other answers', async () => {
    await monitors.startAll();
    await live('eu', 'us');
    await ask('eu', 'failover', { region: 'us', force: true });
    await waitFor(() => monitors.at('eu').regions.belief.verdict === 'us answers: it is not lost, and nothing is forced', {
      ...SOON,
      until: 'eu says why not',
    });
    await live('eu', 'us');
    expect(await epochAt(mesh, 'eu')).toBe(1);
  });
});

describe('operators of one region', () => {
  const mesh = useTestMesh(['eu', 'us']);
  let monitors: Monitors;
  beforeEach(() => {
    monitors = new Monitors(mesh, TIMING);
  });
  afterEach(() => monitors.stopAll());

  it('add a second one, which copies, becomes full and votes; the lease for ever ends', async () => {
    const alone = monitors.listed.filter(({ id }) => id === 'eu');
    await monitors.start('eu', { listed: alone });
    await waitFor(async () => (await leftMsAt(mesh, 'eu')) === 2147483647 && (await epochAt(mesh, 'eu')) === 1, {
      ...SOON,
      until: 'eu is a mesh alone',
    });
    await monitors.start('us');
    const [row] = await mesh
      .at('eu')
      .db.as('workflow_router')
      .call<{ command_id: string }>('request_region_command', [
        { command: 'add', arguments: { region: 'us', addresses: { database: mesh.at('us').db.url('region_peer') } } },
      ]);
    await waitFor(async () => (await epochAt(mesh, 'us')) === 2, { ...SOON, until: 'us has learned that it joins' });
    expect(await mesh.at('us').db.sql(`select state from workflow.region_members where region = 'us'`)).toEqual([{ state: 'joining' }]);
    // No links on one server: what the reconciler would write down once all of eu is copied.
    await mesh.at('us').db.sql(
      `insert into workflow.mesh_links (member_id, region, slot_name, address_sha256, made_at, copied_at, copied_position, whole_at, whole_position)
       values ($1, 'eu', 's', 'x', now(), now(), '0/1', now(), '0/1')`,
      [mesh.at('eu').memberId],
    );
    await waitFor(async () => (await epochAt(mesh, 'us')) === 3 && (await leftMsAt(mesh, 'us')) !== null, {
      ...SOON,
      until: 'us is full and has a lease',
    });
    const left = await waitFor(() => leftMsAt(mesh, 'eu'), { ...SOON, until: 'eu has a lease again' });
    expect(left).toBeLessThanOrEqual(TIMING.leaseMs);
    expect(await placesAt(mesh, 'us')).toEqual({ eu: 256 });
    expect(await logsAgree(mesh, ['eu', 'us'])).toBe(true);
    await waitFor(
      async () =>
        (await mesh.at('eu').db.sql(`select 1 from workflow.region_commands where command_id = $1 and state = 'done'`, [row!.command_id]))
          .length === 1,
      SOON,
    );
  });
});
