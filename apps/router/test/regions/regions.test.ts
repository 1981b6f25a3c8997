// The operator's surface in a mesh.
import { makeApiKey, type TopologyValue } from '@singularity-workflow/core';
import { Regions } from '../../src/wire/region.wire.js';
import { useMeshRouters } from '../support/mesh-routers.js';

interface Command {
  command_id: string;
  region: string;
  command: string;
  arguments: object;
  state: string;
  code: string;
  field: string;
}

describe('a mesh', () => {
  const routers = useMeshRouters(['asia', 'eu']);
  const asia = () => routers.client('asia');
  const put = (path: string, body: object) =>
    asia().send<Command>('PUT', path, { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } });

  it('shows its members, as this region knows them', async () => {
    const { mesh } = routers;
    await routers
      .db('asia')
      .sql(
        `insert into workflow.lease_grants (member_id, granted_at, lease_live, reached_at) values ($1, '2026-01-01T00:00:00Z', true, '2026-01-01T00:00:01Z')`,
        [mesh.at('eu').memberId],
      );
    await routers
      .db('asia')
      .sql(`insert into workflow.region_seals (member_id, epoch, sealed_at) values ($1, 2, '2026-01-01T00:00:02Z')`, [
        mesh.at('eu').memberId,
      ]);
    const { body } = await asia().get<{ regions: object[]; founded_at: string }>('/api/regions');
    expect(Regions.safeParse(body).error?.issues).toBeUndefined();
    expect(body).toMatchObject({ region: 'asia', mesh_id: mesh.meshId, has_zones: false, epoch: 1, member_epoch: 1, stopped_reason: null });
    expect(body).toMatchObject({ rpo: { bytes: null, seconds: null }, moves: [] });
    expect(body.regions).toEqual([
      expect.objectContaining({
        id: 'asia',
        member_id: mesh.at('asia').memberId,
        here: true,
        groups: 128,
        link: null,
        sealed_at: null,
        suspected: false,
      }),
      expect.objectContaining({
        id: 'eu',
        here: false,
        groups: 128,
        sealed_at: '2026-01-01T00:00:02.000Z',
        reached_at: '2026-01-01T00:00:01.000Z',
        lease: { live: true, left_ms: null, expires_at: null, granted_at: '2026-01-01T00:00:00.000Z' },
        link: expect.objectContaining({ slot: null, lag_bytes: null, whole: false, healthy: false }),
        routers: [expect.stringMatching(/^http:/)],
      }),
    ]);
    const [own] = body.regions as { lease: { live: boolean; left_ms: number } }[];
    expect(own!.lease.live).toBe(true);
    expect(own!.lease.left_ms).toBeGreaterThan(0);
    await routers.setLease('asia', false);
    expect(await asia().get('/api/regions')).toMatchObject({ body: { regions: [{ lease: { live: false, left_ms: null } }, {}] } });
  });

  it.each([
    ['DELETE /api/regions/eu', undefined, 'remove', { region: 'eu' }],
    ['POST /api/regions/eu/failover', undefined, 'failover', { region: 'eu', force: false }],
    ['POST /api/regions/eu/failover', { force: true, also: ['asia'] }, 'failover', { region: 'eu', force: true, regions: ['asia'] }],
    ['POST /api/regions/asia/evacuate', { drain_ms: 5 }, 'evacuate', { region: 'asia', drain_ms: 5 }],
    ['POST /api/regions/eu/restore', {}, 'restore', { region: 'eu' }],
    ['POST /api/regions/eu/resync', {}, 'resync', { region: 'eu' }],
    [
      'POST /api/regions',
      { id: 'us', database: 'postgres://peer@us.example.org/workflow', routers: ['https://us.example.org'] },
      'add',
      {
        region: 'us',
        zone: 'global',
        addresses: { database: 'postgres://peer@us.example.org/workflow', routers: ['https://us.example.org'] },
      },
    ],
    [
      'PUT /api/tenants/acme',
      { default_durability: 'quorum', fallback_regions: ['eu'] },
      'register',
      { tenants: [{ tenant_id: 'acme', default_durability: 'quorum', fallback_regions: ['eu'] }] },
    ],
  ])('%s asks for what the monitor does', async (call, body, command, given) => {
    const [method, path] = call.split(' ') as [string, string];
    const init = body === undefined ? {} : { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
    const answer = await asia().send<Command>(method, path, init);
    expect(answer).toMatchObject({ status: 202, body: { region: 'asia', command, state: 'requested', outcome: null } });
    expect(answer.body.arguments).toEqual(given);
    expect(await routers.db('asia').sql('select command, arguments, state from workflow.region_commands')).toEqual([
      { command, arguments: given, state: 'requested' },
    ]);
    await routers.mesh.own('asia', 'finish_region_command', [answer.body.command_id, 'done', 'it is done']);
    for (const client of [asia(), routers.client('eu')])
      expect(await client.get(`/api/regions/commands/${answer.body.command_id}`)).toMatchObject({
        status: 200,
        body: { region: 'asia', state: 'done', outcome: 'it is done', finished_at: expect.any(String) },
      });
  });

  it('has a region evacuated, and a tenant moved, where they are at home', async () => {
    expect(await asia().post<Command>('/api/regions/eu/evacuate')).toMatchObject({
      status: 202,
      body: { region: 'eu', command: 'evacuate' },
    });
    const tenant = routers.tenantOf('eu');
    expect(await asia().post<Command>(`/api/tenants/${tenant}/move`, { region: 'asia', drain_ms: 0 })).toMatchObject({
      status: 202,
      body: { region: 'eu', command: 'move', arguments: { region: 'asia', tenants: [tenant], drain_ms: 0 } },
    });
    expect(await routers.db('eu').sql('select from workflow.region_commands')).toHaveLength(2);
    expect(await routers.db('asia').sql('select from workflow.region_commands')).toEqual([]);
    await routers.stop('eu');
    expect(await asia().post<Command>('/api/regions/eu/evacuate')).toMatchObject({
      status: 503,
      body: { code: 'home_unavailable', done: false },
    });
    await routers.start('eu');
  });

  it('refuses by name what cannot be', async () => {
    const refusals: [Promise<{ status: number; body: Command }>, number, string, string | undefined][] = [
      [asia().post<Command>('/api/regions/mars/failover'), 404, 'region_not_found', 'id'],
      [asia().post<Command>('/api/regions/mars/evacuate'), 404, 'region_not_found', 'id'],
      [asia().post<Command>('/api/tenants/acme/move', { region: 'mars' }), 404, 'region_not_found', undefined],
      [asia().post<Command>('/api/regions/MARS/failover'), 422, 'invalid_request', 'id'],
      [asia().post<Command>('/api/regions/eu/evacuate', { drain_ms: -1 }), 422, 'invalid_request', 'drain_ms'],
      [asia().post<Command>('/api/regions/eu/evacuate', { drain: 1 }), 422, 'unknown_field', 'drain'],
      [asia().post<Command>('/api/regions', { id: 'us', database: 'postgres://a:secret@us/workflow' }), 422, 'invalid_request', 'database'],
      [put('/api/tenants/acme', { residency: 'eu' }), 422, 'invalid_request', 'residency'],
      [put('/api/tenants/acme', { default_durability: 'much' }), 422, 'invalid_request', 'default_durability'],
      [asia().get<Command>('/api/regions/commands/00000000-0000-4000-8000-000000000000'), 404, 'command_not_found', 'command_id'],
      [asia().get<Command>('/api/replication/conflicts/77'), 404, 'conflict_not_found', 'conflict_id'],
      [asia().get<Command>('/api/replication/conflicts/0'), 422, 'invalid_request', 'conflict_id'],
      [asia().get<Command>('/api/topology?limit=51'), 422, 'invalid_request', 'limit'],
      [asia().get<Command>('/api/topology?cursor=nonsense'), 400, 'bad_cursor', 'cursor'],
    ];
    for (const [answer, status, code, field] of refusals) {
      const { body, status: got } = await answer;
      expect([got, body.code, field === undefined ? undefined : body.field]).toEqual([status, code, field]);
    }
    expect(await routers.db('asia').sql('select from workflow.region_commands')).toEqual([]);
  });

  it.each([
    ['is no member', ['eu', 'mars'], 'fallback_regions cannot have mars: it is no region of this mesh', 'mars'],
    ['is named twice', ['eu', 'asia', 'eu'], 'fallback_regions cannot have eu: it is named twice', 'eu'],
  ])('names the fallback region that %s', async (_, fallbacks, detail, region) => {
    expect(await put('/api/tenants/acme', { fallback_regions: fallbacks })).toMatchObject({
      status: 422,
      body: { code: 'invalid_request', field: 'fallback_regions', detail, region, regions: ['asia', 'eu'] },
    });
    expect(await routers.db('asia').sql('select from workflow.region_commands')).toEqual([]);
  });

  it('takes at most 32 fallback regions', async () => {
    const many = Array.from({ length: 33 }, (_, n) => `region-${n}`);
    expect(await put('/api/tenants/acme', { fallback_regions: many })).toMatchObject({
      status: 422,
      body: { code: 'invalid_request', field: 'fallback_regions' },
    });
  });

  const learn = (...values: TopologyValue[]) =>
    routers.mesh.ask(
      'learn_topology',
      ['eu', 'asia'],
      [JSON.stringify(values.map((value, i) => ({ epoch: i + 2, value, decided_at: '2026-02-01T00:00:00Z' })))],
    );

  it('notes whose key asked for a command, also at the region that carries it out', async () => {
    const { keyId, key, sha256 } = makeApiKey();
    const item = { item: 'key', key_id: keyId, key_sha256: sha256, name: 'ops', role: 'admin', tenants: [] } as const;
    const items = [{ ...item, created_at: '2026-02-01T00:00:00Z', expires_at: null }];
    const entries = [
      { epoch: 2, value: { version: 1, kind: 'catalog', by: routers.mesh.at('eu').memberId, items }, decided_at: '2026-02-01T00:00:00Z' },
    ];
    for (const name of ['asia', 'eu']) await routers.mesh.ask('learn_topology', [name, name], [JSON.stringify(entries)]);
    routers.forgetKeys(); // the test before had none
    const asked = { headers: { authorization: `Bearer ${key}`, 'content-type': 'application/json' } };
    for (const path of ['/api/regions/asia/evacuate', '/api/regions/eu/evacuate', '/api/regions/eu/resync']) {
      expect(await asia().send<Command>('POST', path, { ...asked, body: '{}' })).toMatchObject({
        status: 202,
        body: { requested_by: `ops (key ${keyId})` },
      });
    }
    expect(await asia().get('/api/regions')).toMatchObject({ status: 401 });
    routers.forgetKeys();
  });

  it('reads a tenant, and never changes where it lives', async () => {
    const by = routers.mesh.at('asia').memberId;
    const tenants = [
      { tenant_id: routers.tenantOf('asia'), residency: 'global', default_durability: 'quorum', fallback_regions: ['eu'], split: true },
    ] as const;
    await learn({ version: 1, kind: 'register', by, tenants });
    expect(await asia().get(`/api/tenants/${routers.tenantOf('asia')}`)).toMatchObject({
      body: {
        registered: true,
        default_durability: 'quorum',
        fallback_regions: ['eu'],
        own_group: true,
        group: `tenant/${routers.tenantOf('asia')}`,
        region: 'asia',
        here: true,
      },
    });
    expect(await asia().get(`/api/tenants/${routers.tenantOf('eu')}`)).toMatchObject({
      body: { region: 'eu', here: false, registered: false },
    });
    expect(await put(`/api/tenants/${routers.tenantOf('asia')}`, { residency: 'eu' })).toMatchObject({
      status: 409,
      body: { code: 'residency_fixed' },
    });
  });

  it('pages through the log, newest first, each decision with its sentence', async () => {
    const { memberId } = routers.mesh.at('eu');
    const asiaId = routers.mesh.at('asia').memberId;
    await learn({ version: 1, kind: 'nothing' }, { version: 1, kind: 'move', from: memberId, groups: { 'global/1': asiaId } });
    interface Page {
      entries: { epoch: number; sentence: string; decided_at: string }[];
      next_cursor: string | null;
    }
    const first = (await asia().get<Page>('/api/topology?limit=2')).body;
    expect(first.entries.map(({ epoch, sentence }) => [epoch, sentence])).toEqual([
      [3, 'eu hands 1 group to asia'],
      [2, 'nothing: it ends an epoch that somebody began'],
    ]);
    const second = (await asia().get<Page>(`/api/topology?limit=2&cursor=${first.next_cursor}`)).body;
    expect(second).toMatchObject({ entries: [{ epoch: 1, sentence: 'the mesh of asia, eu begins' }], next_cursor: null });
  });

  it('lists what guarded apply dropped, by its sender, with the rows only where one is asked for', async () => {
    const sender = `sub_000000000000_from_${routers.mesh.at('eu').memberId.replaceAll('-', '').slice(0, 12)}`;
    const runId = '01890000-0000-7000-8000-000000000000';
    await routers.db('asia').sql(
      `insert into workflow.replication_conflicts (sender, table_name, kind, run_id, incoming_epoch, stored_epoch, incoming, stored)
       values ($1, 'workflow_runs', 'stale', $2, 1, 2, '{"n": 1}', '{"n": 2}'), ($1, 'step_states', 'superseded', null, 2, 1, null, '{}')`,
      [sender, runId],
    );
    interface Page {
      conflicts: { conflict_id: number; kind: string }[];
      next_cursor: string | null;
    }
    const { body } = await asia().get<Page>('/api/replication/conflicts');
    expect(body.conflicts).toMatchObject([
      { kind: 'superseded', table: 'step_states', from: 'eu', run_id: null },
      { kind: 'stale', table: 'workflow_runs', from: 'eu', run_id: runId, incoming_epoch: 1, stored_epoch: 2 },
    ]);
    expect(body.conflicts[0]).not.toHaveProperty('stored');
    expect((await asia().get<Page>(`/api/replication/conflicts?kind=stale&run_id=${runId}`)).body.conflicts).toHaveLength(1);
    const page = (await asia().get<Page>('/api/replication/conflicts?limit=1')).body;
    expect((await asia().get<Page>(`/api/replication/conflicts?limit=1&cursor=${page.next_cursor}`)).body.conflicts).toMatchObject([
      { kind: 'stale' },
    ]);
    const id = body.conflicts[1]!.conflict_id;
    expect(await asia().get(`/api/replication/conflicts/${id}`)).toMatchObject({
      status: 200,
      body: { incoming: { n: 1 }, stored: { n: 2 } },
    });
  });
});
