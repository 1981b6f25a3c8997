import { createClient, WorkflowApiError } from '../../src/client/index.js';
import { workflow } from '../../src/workflow/workflow.js';
import { json, problem, StandIn, useStandIns } from './server.js';

const { standIn } = useStandIns();

/** An address that nobody listens at. */
async function deadUrl(): Promise<string> {
  const gone = await StandIn.listen(() => undefined);
  await gone.close();
  return gone.url;
}

async function refusalOf(call: Promise<unknown>): Promise<WorkflowApiError> {
  const error: unknown = await call.then(
    () => undefined,
    (reason: unknown) => reason,
  );
  expect(error).toBeInstanceOf(WorkflowApiError);
  return error as WorkflowApiError;
}

describe('start', () => {
  it('asks the next address, with the same generated key, when one is dead or says 502, 503 or 504', async () => {
    const keys: unknown[] = [];
    const refusing = await Promise.all(
      [502, 503, 504].map((status) =>
        standIn(({ body }, response) => {
          keys.push(body['idempotency_key']);
          response.writeHead(status, { 'content-type': 'text/html' }).end('<h1>no</h1>');
        }),
      ),
    );
    const router = await standIn(({ body }, response) => {
      keys.push(body['idempotency_key']);
      json(response, 202, { run_id: 'r', status: 'started', executed_on: 'local', durability: 'local', existing: false });
    });
    const client = createClient({ urls: [await deadUrl(), ...refusing.map(({ url }) => url), router.url] });

    await expect(client.start({ tenant_id: 't', workflow: 'w' })).resolves.toMatchObject({ run_id: 'r' });
    expect(keys).toHaveLength(4);
    expect(new Set(keys).size).toBe(1);
    expect(keys[0]).toMatch(/^[0-9a-f-]{36}$/);

    // The address that answered is asked first from now on.
    await client.start({ tenant_id: 't', workflow: 'w', idempotency_key: 'mine' });
    expect(keys).toHaveLength(5);
    expect(keys[4]).toBe('mine');
  });

  it('takes a workflow instead of its slug, and sends its key, body and credentials', async () => {
    const router = await standIn((_, response) => json(response, 202, { run_id: 'r' }));
    const order = workflow<{ id: number }>('order').step('a', ({ id }) => id);
    await createClient({ urls: [`${router.url}/`], apiKey: 'secret' }).start({
      tenant_id: 't',
      workflow: order,
      input: { id: 1 },
      priority: 'high',
    });

    const [asked] = router.asked;
    expect(asked).toMatchObject({
      method: 'POST',
      path: '/api/workflows',
      headers: { authorization: 'Bearer secret', 'content-type': 'application/json' },
    });
    expect(asked?.body).toEqual({
      tenant_id: 't',
      workflow: 'order',
      input: { id: 1 },
      priority: 'high',
      idempotency_key: expect.any(String),
    });
  });

  it('gives each element of a batch a key of its own', async () => {
    const router = await standIn(({ body }, response) => json(response, 200, { results: body['workflows'] }));
    const results = await createClient({ urls: [router.url] }).startBatch([
      { tenant_id: 't', workflow: 'w' },
      { tenant_id: 't', workflow: 'w', idempotency_key: 'k' },
      { tenant_id: 't', workflow: 'w' },
    ]);
    const keys = results.map((result) => (result as unknown as { idempotency_key: string }).idempotency_key);
    expect(new Set(keys).size).toBe(3);
    expect(keys[1]).toBe('k');
  });
});

describe('an answer that is a problem', () => {
  it('is an error with status, code, field, request id and facts, and nobody else is asked', async () => {
    const router = await standIn((_, response) => problem(response, 422, 'type_violation', { field: 'input', kind: 'object' }));
    const other = await standIn((_, response) => json(response, 202, {}));
    const error = await refusalOf(createClient({ urls: [router.url, other.url] }).start({ tenant_id: 't', workflow: 'w' }));

    expect(error).toMatchObject({ status: 422, code: 'type_violation', field: 'input', requestId: 'r1', message: 'it is type_violation' });
    expect(error.problem).toMatchObject({ kind: 'object' });
    expect(other.asked).toHaveLength(0);
  });

  it('is named when it is no problem document, or no JSON', async () => {
    const router = await standIn(({ method }, response) => void response.writeHead(method === 'GET' ? 200 : 418).end('teapot'));
    const client = createClient({ urls: [router.url] });
    expect(await refusalOf(client.start({ tenant_id: 't', workflow: 'w' }))).toMatchObject({ status: 418, code: 'bad_answer' });
    expect(await refusalOf(client.get('r'))).toMatchObject({ status: 200, code: 'bad_answer' });
  });

  it('is the last one of several addresses when none can', async () => {
    const routers = await Promise.all([1, 2].map(() => standIn((_, response) => problem(response, 503, 'database_unavailable'))));
    const error = await refusalOf(createClient({ urls: routers.map(({ url }) => url), tries: 4 }).queues());
    expect(error).toMatchObject({ status: 503, code: 'database_unavailable', tries: 4 });
    expect(routers.map(({ asked }) => asked.length)).toEqual([2, 2]);
  });
});

it('says that nobody answered, and whom it asked', async () => {
  const urls = [await deadUrl(), await deadUrl()];
  const error = await refusalOf(createClient({ urls, tries: 2 }).get('r'));
  expect(error).toMatchObject({ status: 0, code: 'unreachable', tries: 2 });
  expect(error.message).toContain(urls[1]);
  expect(error.message).toContain('ECONNREFUSED');
});

it('asks the next address when one does not answer in time', async () => {
  const silent = await standIn(() => undefined);
  const router = await standIn((_, response) => json(response, 200, { queues: [], stuck: [] }));
  await expect(createClient({ urls: [silent.url, router.url], timeoutMs: 50 }).queues()).resolves.toEqual({ queues: [], stuck: [] });
});

it('asks the next address when the answer breaks off', async () => {
  const breaking = await standIn((_, response) => {
    response.writeHead(200, { 'content-length': '100' }).write('{"queues"');
    setImmediate(() => response.destroy());
  });
  const router = await standIn((_, response) => json(response, 200, { queues: [], stuck: [] }));
  await expect(createClient({ urls: [breaking.url, router.url] }).queues()).resolves.toEqual({ queues: [], stuck: [] });
});

it('ends with the reason of its signal, whatever is under way', async () => {
  const silent = await standIn(() => undefined);
  const leaving = new AbortController();
  const call = createClient({ urls: [silent.url] }).queues({ signal: leaving.signal });
  leaving.abort(new Error('enough'));
  await expect(call).rejects.toThrow('enough');
});

it('takes a run as deleted that an earlier try, whose answer was lost, has deleted', async () => {
  let deleted = false;
  const router = await standIn((_, response) => {
    if (deleted) return problem(response, 404, 'run_not_found');
    deleted = true;
    response.destroy();
  });
  const client = createClient({ urls: [router.url] });
  await expect(client.delete('r')).resolves.toBeUndefined();
  expect(await refusalOf(client.delete('r'))).toMatchObject({ code: 'run_not_found' });
});

it('takes a schedule as deleted that an earlier try, whose answer was lost, has deleted', async () => {
  let deleted = false;
  const router = await standIn((_, response) => {
    if (deleted) return problem(response, 404, 'schedule_not_found');
    deleted = true;
    response.destroy();
  });
  const client = createClient({ urls: [router.url] });
  await expect(client.schedules.delete('t', 'n')).resolves.toBeUndefined();
  expect(await refusalOf(client.schedules.delete('t', 'n'))).toMatchObject({ code: 'schedule_not_found' });
});

it('says how sure a read must be, where that is asked', async () => {
  const router = await standIn((_, response) => json(response, 200, {}));
  const client = createClient({ urls: [router.url] });
  await client.get('r', { consistency: 'strong' });
  await client.list({ limit: 1 }, { consistency: 'strong' });
  await client.steps('r', {}, { consistency: 'eventual' });
  await client.get('r');
  expect(router.asked.map(({ path, query }) => `${path}?${query.toString()}`)).toEqual([
    '/api/workflows/r?consistency=strong',
    '/api/workflows?limit=1&consistency=strong',
    '/api/workflows/r/steps?consistency=eventual',
    '/api/workflows/r?',
  ]);
});

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
