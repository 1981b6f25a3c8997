import { createClient } from '../../src/client/index.js';
import { workflow } from '../../src/workflow/workflow.js';
import { json, useStandIns } from './server.js';

const { standIn } = useStandIns();

it('asks each endpoint as the API has it', async () => {
  const router = await standIn(({ path, method }, response) => {
    if (method === 'DELETE') response.writeHead(204).end();
    else json(response, 200, path.endsWith('/batch') ? { results: [] } : {});
  });
  const client = createClient({ urls: [router.url] });
  const definition = workflow('w').step('a', () => 1);
  await client.list({ tenant_id: 't', status: ['failed', 'cancelled'], labels: { env: 'a:b', team: 'x' }, limit: 5 });
  await client.steps('r', { cursor: 'c' });
  await client.cancel('r', { reason: 'why' });
  await client.pause('r');
  await client.resume('r');
  await client.retry('r', { from: 'start' });
  await client.delete('r/../x');
  await client.cancelAll({ filter: { workflow: 'w' }, dry_run: true });
  await client.retryAll({ filter: { workflow: 'w' }, from: 'start' });
  await client.definitions.register(definition);
  await client.definitions.register({ slug: 'v', steps: [{ slug: 'a' }] });
  await client.definitions.list({ limit: 1 });
  await client.definitions.get('w');
  await client.definitions.get('w', { version: 2 });
  await client.definitions.versions('w');
  await client.definitions.activate('w', 2);
  await client.keys.make({ name: 'k', role: 'tenant', tenants: ['t'] });
  await client.keys.list({ limit: 2 });
  await client.keys.revoke('a/b');
  await client.schedules.create({ tenant_id: 't', name: 'n', cron: '@daily', workflow: 'w' });
  await client.schedules.list({ tenant_id: 't', paused: false, limit: 1 });
  await client.schedules.get('a/b', 'n');
  await client.schedules.update('t', 'n', { input: null });
  await client.schedules.pause('t', 'n');
  await client.schedules.resume('t', 'n');
  await client.schedules.run('t', 'n', { idempotencyKey: 'k' });
  await client.schedules.delete('t', 'n');
  await client.workers.list({ app: 'executor', state: 'active' });
  await client.workers.get('id');
  await client.workers.drain('id');

  expect(
    router.asked.map(({ method, path, query, body }) => [`${method} ${path}${query.size > 0 ? `?${query.toString()}` : ''}`, body]),
  ).toEqual([
    ['GET /api/workflows?tenant_id=t&status=failed&status=cancelled&limit=5&label=env%3Aa%3Ab&label=team%3Ax', {}],
    ['GET /api/workflows/r/steps?cursor=c', {}],
    ['POST /api/workflows/r/cancel', { reason: 'why' }],
    ['POST /api/workflows/r/pause', {}],
    ['POST /api/workflows/r/resume', {}],
    ['POST /api/workflows/r/retry', { from: 'start' }],
    ['DELETE /api/workflows/r%2F..%2Fx', {}],
    ['POST /api/workflows/cancel', { filter: { workflow: 'w' }, dry_run: true }],
    ['POST /api/workflows/retry', { filter: { workflow: 'w' }, from: 'start' }],
    ['POST /api/definitions', { slug: 'w', steps: [{ slug: 'a' }] }],
    ['POST /api/definitions', { slug: 'v', steps: [{ slug: 'a' }] }],
    ['GET /api/definitions?limit=1', {}],
    ['GET /api/definitions/w', {}],
    ['GET /api/definitions/w/2', {}],
    ['GET /api/definitions/w/versions', {}],
    ['POST /api/definitions/w/2/activate', {}],
    ['POST /api/keys', { name: 'k', role: 'tenant', tenants: ['t'] }],
    ['GET /api/keys?limit=2', {}],
    ['DELETE /api/keys/a%2Fb', {}],
    ['POST /api/schedules', { tenant_id: 't', name: 'n', cron: '@daily', workflow: 'w' }],
    ['GET /api/schedules?tenant_id=t&paused=false&limit=1', {}],
    ['GET /api/schedules/n?tenant_id=a%2Fb', {}],
    ['PUT /api/schedules/n?tenant_id=t', { input: null }],
    ['PUT /api/schedules/n?tenant_id=t', { paused: true }],
    ['PUT /api/schedules/n?tenant_id=t', { paused: false }],
    ['POST /api/schedules/n/run?tenant_id=t', { idempotency_key: 'k' }],
    ['DELETE /api/schedules/n?tenant_id=t', {}],
    ['GET /api/workers?app=executor&state=active', {}],
    ['GET /api/workers/id', {}],
    ['POST /api/workers/id/drain', {}],
  ]);
});

it.each([[[]], [['localhost:4000']], [['ftp://x']]])('refuses the addresses %j', (urls) => {
  expect(() => createClient({ urls })).toThrow(TypeError);
});

describe('regions and tenants', () => {
  it('asks for what is where the API has it, and waits for the end of a command', async () => {
    const states = ['requested', 'working', 'done'];
    const router = await standIn(({ method, path }, response) => {
      if (path === '/api/regions/commands/c1') return json(response, 200, { command_id: 'c1', state: states.shift() });
      json(response, method === 'GET' ? 200 : 202, { command_id: 'c1' });
    });
    const { regions, tenants } = createClient({ urls: [router.url] });
    await regions.list();
    await regions.add({ id: 'us', routers: ['https://us.example'] });
    await regions.remove('us');
    await regions.failover('us', { force: true });
    await regions.evacuate('us', { drain_ms: 5 });
    await regions.restore('us');
    await regions.resync('us');
    await regions.topology({ limit: 5 });
    await regions.conflicts({ kind: 'stale', limit: 5 });
    await regions.conflict(7);
    await tenants.get('a/b');
    await tenants.change('a/b', { default_durability: 'quorum' });
    await tenants.move('a/b', { region: 'us' });
    expect(
      router.asked.map(({ method, path, query, body }) => [method, path + (query.size === 0 ? '' : `?${query.toString()}`), body]),
    ).toEqual([
      ['GET', '/api/regions', {}],
      ['POST', '/api/regions', { id: 'us', routers: ['https://us.example'] }],
      ['DELETE', '/api/regions/us', {}],
      ['POST', '/api/regions/us/failover', { force: true }],
      ['POST', '/api/regions/us/evacuate', { drain_ms: 5 }],
      ['POST', '/api/regions/us/restore', {}],
      ['POST', '/api/regions/us/resync', {}],
      ['GET', '/api/topology?limit=5', {}],
      ['GET', '/api/replication/conflicts?kind=stale&limit=5', {}],
      ['GET', '/api/replication/conflicts/7', {}],
      ['GET', '/api/tenants/a%2Fb', {}],
      ['PUT', '/api/tenants/a%2Fb', { default_durability: 'quorum' }],
      ['POST', '/api/tenants/a%2Fb/move', { region: 'us' }],
    ]);
    expect(await regions.waitFor('c1')).toMatchObject({ state: 'done' });
    expect(states).toEqual([]);
  });
});
