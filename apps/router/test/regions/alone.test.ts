// The operator's surface of a region that has no others.
import { useRouter } from '../support/router.js';

describe('one region alone', () => {
  const router = useRouter({ REGION: 'home' });

  it('is a mesh of itself', async () => {
    expect(await router.client.get('/api/regions')).toMatchObject({
      status: 200,
      body: {
        region: 'home',
        mesh_id: null,
        epoch: 0,
        rpo: null,
        moves: [],
        regions: [{ id: 'home', state: 'full', here: true, lease: { live: true, left_ms: null }, link: null }],
      },
    });
    expect(await router.client.get('/api/tenants/acme')).toMatchObject({
      status: 200,
      body: {
        tenant_id: 'acme',
        region: 'home',
        here: true,
        registered: false,
        residency: 'global',
        default_durability: 'local',
        epoch: 1,
      },
    });
    expect(await router.client.get('/api/topology')).toMatchObject({ status: 200, body: { entries: [], next_cursor: null } });
    expect(await router.client.get('/api/replication/conflicts')).toMatchObject({
      status: 200,
      body: { conflicts: [], next_cursor: null },
    });
  });

  it('changes nothing of a mesh that there is not', async () => {
    const { client } = router;
    for (const answer of [
      client.post('/api/regions', { id: 'eu' }),
      client.delete('/api/regions/eu'),
      client.post('/api/regions/eu/failover'),
      client.post('/api/regions/home/evacuate'),
      client.post('/api/regions/eu/evacuate'),
      client.post('/api/regions/eu/restore', {}),
      client.post('/api/regions/eu/resync'),
      client.send('PUT', '/api/tenants/acme', { body: '{}', headers: { 'content-type': 'application/json' } }),
      client.post('/api/tenants/acme/move', { region: 'eu' }),
    ])
      expect(await answer).toMatchObject({ status: 409, body: { code: 'no_mesh' } });
    expect(await router.db.sql('select from workflow.region_commands')).toEqual([]);
  });

  it('takes no signed request', async () => {
    const answer = await router.client.get('/api/regions', { 'x-workflow-signature': 'v1' });
    expect(answer).toMatchObject({ status: 401, body: { code: 'bad_signature' } });
  });
});
