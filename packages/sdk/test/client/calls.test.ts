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
