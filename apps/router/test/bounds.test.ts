// Every bound and every bad input: one past it is refused by name, nothing is stored, the process lives on.
import { request } from 'node:http';
import { useRouter } from './support/router.js';

const router = useRouter();
const { db } = router;

const start = { tenant_id: 'acme', workflow: 'greet' };
const START = '/api/workflows';
const SOME_RUN = '01890000-0000-7000-8000-000000000000';

/** The same as SQL's where SQL has the rule too. */
function codeOf(field: string): string {
  const codes: Record<string, string> = { tenant_id: 'bad_tenant_id', idempotency_key: 'bad_idempotency_key', labels: 'bad_labels' };
  return ['run_at', 'deadline'].includes(field) ? 'bad_time' : (codes[field.split('.')[0]!] ?? 'invalid_request');
}

async function nothingIsStored(): Promise<void> {
  expect(
    await db.sql('select from workflow.workflow_runs union all select from workflow.workflow_versions where slug <> $1', ['greet']),
  ).toHaveLength(0);
  expect((await router.client.get('/health/live')).status).toBe(200);
}

beforeEach(async () => {
  await db.make.define('greet', 'hello');
});
afterEach(nothingIsStored);

describe('a field of a start', () => {
  it.each<[string, object, string]>([
    ['no tenant', { tenant_id: undefined }, 'tenant_id'],
    ['an empty tenant', { tenant_id: '' }, 'tenant_id'],
    ['a tenant of 129 characters', { tenant_id: 't'.repeat(129) }, 'tenant_id'],
    ['a tenant of 129 emojis', { tenant_id: '😀'.repeat(129) }, 'tenant_id'],
    ['a tenant that is a number', { tenant_id: 7 }, 'tenant_id'],
    ['no workflow', { workflow: undefined }, 'workflow'],
    ['a workflow that is no slug', { workflow: 'Not A Slug' }, 'workflow'],
    ['a workflow of 48 characters', { workflow: 'w'.repeat(48) }, 'workflow'],
    ['a version 0', { version: 0 }, 'version'],
    ['a version past an integer', { version: 2_147_483_648 }, 'version'],
    ['a fractional version', { version: 1.5 }, 'version'],
    ['an empty key', { idempotency_key: '' }, 'idempotency_key'],
    ['a key of 256 characters', { idempotency_key: 'k'.repeat(256) }, 'idempotency_key'],
    ['a key that is an object', { idempotency_key: {} }, 'idempotency_key'],
    ['a time without a zone', { run_at: '2030-01-01T00:00:00' }, 'run_at'],
    ['a day that does not exist', { run_at: '2030-02-30T00:00:00Z' }, 'run_at'],
    ['a time in the year 0', { run_at: '0000-01-01T00:00:00Z' }, 'run_at'],
    ['a time past the year 9999', { deadline: '9999-12-31T23:59:59-10:00' }, 'deadline'],
    ['a time as a number', { deadline: 1_900_000_000 }, 'deadline'],
    ['a priority that is none', { priority: 'urgent' }, 'priority'],
    ['a durability that is none', { durability: 'best' }, 'durability'],
    ['33 labels', { labels: Object.fromEntries(Array.from({ length: 33 }, (_, i) => [`l${i}`, 'x'])) }, 'labels'],
    ['a label of 256 characters', { labels: { a: 'x'.repeat(256) } }, 'labels.a'],
    ['a label that is a number', { labels: { a: 1 } }, 'labels.a'],
    ['labels that are a list', { labels: ['a'] }, 'labels'],
    ['null for a field', { priority: null }, 'priority'],
  ])('is refused: %s', async (_, change, field) => {
    const { status, body, headers } = await router.client.post(START, { ...start, ...change });
    expect({ status, body }).toMatchObject({ status: 422, body: { code: codeOf(field), status: 422, request_id: expect.any(String) } });
    expect(body['field']).toBe(field);
    expect(headers.get('content-type')).toBe('application/problem+json; charset=utf-8');
  });

  it('is refused: a label named past 255 characters', async () => {
    const { status, body } = await router.client.post(START, { ...start, labels: { ['n'.repeat(256)]: 'x' } });
    expect({ status, body }).toMatchObject({ status: 422, body: { code: 'bad_labels' } });
    expect(body['field']).toContain('labels');
  });

  it.each<[string, object, string]>([
    [START, { ...start, colour: 'red' }, 'colour'],
    ['/api/workflows/execute', { goal: 'greet', opts: { tenant_id: 'acme', goal: 'x' } }, 'opts.goal'],
    ['/api/workflows/execute', { goal: 'greet', opts: { tenant_id: 'acme' }, input: 1 }, 'input'],
    ['/api/workflows/batch', { workflows: [start], all: true }, 'all'],
    ['/api/workflows/cancel', { filter: { tenant: 'acme' } }, 'filter.tenant'],
    ['/api/workflows/retry', { filter: { tenant_id: 'acme' }, reason: 'x' }, 'reason'],
    [`/api/workflows/${SOME_RUN}/cancel`, { why: 'x' }, 'why'],
    [`/api/workflows/${SOME_RUN}/pause`, { until: 'x' }, 'until'],
    [`/api/workflows/${SOME_RUN}/retry`, { step: 'x' }, 'step'],
    ['/api/definitions', { slug: 'w', steps: [{ slug: 'a', retries: 3 }] }, 'steps.0.retries'],
  ])('is refused where it is unknown: %s', async (path, body, field) => {
    expect(await router.client.post(path, body)).toMatchObject({ status: 422, body: { code: 'unknown_field', field } });
  });

  it('is refused where its name is __proto__', async () => {
    expect(await router.client.raw(START, '{"tenant_id":"acme","workflow":"greet","__proto__":{}}')).toMatchObject({ status: 422 });
    expect(await router.client.raw(START, '{"tenant_id":"acme","workflow":"greet","labels":{"__proto__":"x"}}')).toMatchObject({
      status: 422,
    });
  });
});

describe('a body', () => {
  const withInput = (input: string): string => `{"tenant_id":"acme","workflow":"greet","input":${input}}`;

  it.each<[string, string | Uint8Array<ArrayBuffer>, string, string]>([
    ['is not JSON', '{"tenant_id": ', 'bad_json', 'body'],
    ['is not UTF-8', new Uint8Array([0x7b, 0xff, 0x7d]), 'bad_utf8', 'body'],
    ['is nested 65 deep', withInput('['.repeat(64) + ']'.repeat(64)), 'json_too_deep', 'body'],
    ['has a key twice', '{"tenant_id":"acme","tenant_id":"b","workflow":"greet"}', 'duplicate_key', 'tenant_id'],
    ['has a number past a double', withInput('{"n":1e999}'), 'number_not_exact', 'input.n'],
    ['has an integer that would be rounded', withInput('[12345678901234567891]'), 'number_not_exact', 'input.0'],
    ['has the character 0', withInput(String.raw`"a\u0000"`), 'nul_character', 'input'],
    ['has half a surrogate pair', withInput(String.raw`{"a":"\udc00"}`), 'broken_unicode', 'input.a'],
  ])('is refused that %s', async (_, body, code, field) => {
    expect(await router.client.raw(START, body)).toMatchObject({ status: 400, body: { code, field } });
  });

  it.each(['7', 'null', '"text"', '[]', 'true'])('is refused that is %s', async (body) => {
    expect(await router.client.raw(START, body)).toMatchObject({ status: 422, body: { code: 'invalid_request', field: 'body' } });
  });

  it('is refused where there is none', async () => {
    expect(await router.client.post(START)).toMatchObject({ status: 400, body: { code: 'body_missing' } });
    expect(await router.client.raw(START, '')).toMatchObject({ status: 400, body: { code: 'body_missing' } });
  });

  it('is refused past 1 MiB, naming the bound', async () => {
    const answer = await router.client.post(START, { ...start, input: 'x'.repeat(1_048_576) });
    expect(answer).toMatchObject({ status: 413, body: { code: 'body_too_large', field: 'body', body_bytes_max: 1_048_576 } });
  });

  it('is refused past 16 MiB for a batch, which takes more than 1 MiB', async () => {
    const large = await router.client.post('/api/workflows/batch', {
      workflows: [{ ...start, workflow: 'nobody', input: 'x'.repeat(2_000_000) }],
    });
    expect(large).toMatchObject({ status: 200, body: { results: [{ outcome: 'refused', error: { code: 'unknown_workflow' } }] } });
    const tooLarge = await router.client.post('/api/workflows/batch', { workflows: [{ ...start, input: 'x'.repeat(16_777_216) }] });
    expect(tooLarge).toMatchObject({ status: 413, body: { code: 'body_too_large', body_bytes_max: 16_777_216 } });
  });

  it.each([
    ['text/plain', {}],
    ['application/x-www-form-urlencoded', {}],
    ['multipart/form-data; boundary=x', {}],
    ['application/json; charset=latin1', {}],
    ['application/json', { 'content-encoding': 'gzip' }],
    ['', {}],
  ])('is refused with the content type "%s" %o', async (type, headers) => {
    const answer = await router.client.send('POST', START, {
      body: Buffer.from(JSON.stringify(start)),
      headers: { 'content-type': type, ...headers },
    });
    expect(answer).toMatchObject({ status: 415, body: { code: 'unsupported_media_type' } });
  });
});

describe('a header', () => {
  it.each([
    ['Idempotency-Key', 'k'.repeat(256)],
    ['Idempotency-Key', ''],
  ])('%s is refused past its bound', async (name, value) => {
    const answer = await router.client.post(START, start, { [name]: value });
    expect(answer).toMatchObject({ status: 422, body: { code: 'bad_idempotency_key', field: name } });
  });

  it('Idempotency-Key is refused where its bytes are not UTF-8', async () => {
    const answer = await router.client.post(START, start, { 'Idempotency-Key': '\u00ff\u00fe' });
    expect(answer).toMatchObject({ status: 400, body: { code: 'bad_utf8', field: 'Idempotency-Key' } });
  });

  it('Last-Event-ID is refused past its bound', async () => {
    const answer = await router.client.get(`/api/workflows/${SOME_RUN}/events`, { 'last-event-id': 'e'.repeat(256) });
    expect(answer).toMatchObject({ status: 422, body: { code: 'invalid_request', field: 'Last-Event-ID' } });
  });
});

describe('a parameter', () => {
  it.each([
    ['/api/workflows?limit=0', 'limit'],
    ['/api/workflows?limit=201', 'limit'],
    ['/api/workflows?limit=ten', 'limit'],
    ['/api/workflows?limit=1&limit=2', 'limit'],
    ['/api/workflows?tenant_id=', 'tenant_id'],
    ['/api/workflows?tenant_id=%00', 'tenant_id'],
    [`/api/workflows?tenant_id=${'t'.repeat(129)}`, 'tenant_id'],
    ['/api/workflows?status=odd', 'status'],
    ['/api/workflows?label=noname', 'label'],
    ['/api/workflows?label=a:%00', 'label'],
    ['/api/workflows?created_from=yesterday', 'created_from'],
    ['/api/workflows?colour=red', 'colour'],
    ['/api/workflows/not-a-uuid', 'run_id'],
    ['/api/workflows/not-a-uuid/steps', 'run_id'],
    ['/api/workflows/not-a-uuid/events', 'run_id'],
    [`/api/workflows/${SOME_RUN}?wait=61s`, 'wait'],
    [`/api/workflows/${SOME_RUN}?wait=soon`, 'wait'],
    [`/api/workflows/${SOME_RUN}/steps?limit=1001`, 'limit'],
    ['/api/definitions/Not-A-Slug', 'slug'],
    ['/api/definitions/greet/x', 'version'],
    ['/api/definitions/greet/99999999999', 'version'],
    ['/api/definitions/greet?format=svg', 'format'],
    ['/api/workers?state=asleep', 'state'],
    ['/api/workers/7', 'id'],
    ['/api/queues?limit=1', 'limit'],
  ])('is refused by name: %s', async (path, field) => {
    const { status, body } = await router.client.get(path);
    expect({ status, field: body['field'] }).toEqual({ status: 422, field: expect.stringContaining(field) });
  });

  it.each(['/api/workflows', '/api/definitions', '/api/workers', '/api/definitions/greet/versions', `/api/workflows/${SOME_RUN}/steps`])(
    'that is no cursor of the list is refused: %s',
    async (path) => {
      for (const cursor of ['x', Buffer.from('["other","a"]').toString('base64url'), Buffer.from('["runs",7]').toString('base64url')]) {
        expect(await router.client.get(`${path}?cursor=${cursor}`)).toMatchObject({
          status: 400,
          body: { code: 'bad_cursor', field: 'cursor' },
        });
      }
    },
  );
});

describe('a URL', () => {
  it('that is nowhere is 404, one that takes another method 405 and says which', async () => {
    expect(await router.client.get('/api/nowhere')).toMatchObject({ status: 404, body: { code: 'route_not_found' } });
    const answer = await router.client.delete('/api/workflows');
    expect(answer).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } });
    expect(answer.headers.get('allow')?.split(', ').toSorted()).toEqual(['GET', 'POST']);
    expect((await router.client.send('HEAD', `/api/workflows/${SOME_RUN}/events`)).status).toBe(405);
  });

  it('that cannot be decoded is 400 as a problem document', async () => {
    const { port } = new URL(router.client.origin);
    const answer = await new Promise<{ status: number | undefined; type: string | undefined }>((resolve, reject) => {
      const sent = request({ host: '127.0.0.1', port, path: '/api/workflows/%ff%' }, (response) => {
        response.resume().once('end', () => resolve({ status: response.statusCode, type: response.headers['content-type'] }));
      });
      sent.once('error', reject).end();
    });
    expect(answer).toEqual({ status: 400, type: expect.stringContaining('application/problem+json') });
  });

  it('that is very long is refused', async () => {
    expect((await router.client.get(`/api/workflows/${'9'.repeat(5_000)}`)).status).toBeGreaterThanOrEqual(400);
    expect((await router.client.get(`/api/workflows/${'9'.repeat(5_000)}`)).status).toBeLessThan(500);
  });
});

describe('what is not there', () => {
  it.each([
    ['GET', `/api/workflows/${SOME_RUN}`, 'run_not_found'],
    ['GET', `/api/workflows/${SOME_RUN}/steps`, 'run_not_found'],
    ['GET', `/api/workflows/${SOME_RUN}/events`, 'run_not_found'],
    ['DELETE', `/api/workflows/${SOME_RUN}`, 'run_not_found'],
    ['POST', `/api/workflows/${SOME_RUN}/cancel`, 'run_not_found'],
    ['POST', `/api/workflows/${SOME_RUN}/pause`, 'run_not_found'],
    ['POST', `/api/workflows/${SOME_RUN}/resume`, 'run_not_found'],
    ['POST', `/api/workflows/${SOME_RUN}/retry`, 'run_not_found'],
    ['GET', '/api/definitions/nobody', 'definition_not_found'],
    ['GET', '/api/definitions/greet/9', 'definition_not_found'],
    ['GET', '/api/definitions/nobody/versions', 'definition_not_found'],
    ['POST', '/api/definitions/greet/9/activate', 'definition_not_found'],
    ['GET', `/api/workers/${SOME_RUN}`, 'worker_not_found'],
    ['POST', `/api/workers/${SOME_RUN}/drain`, 'worker_not_found'],
  ])('%s %s is 404', async (method, path, code) => {
    expect(await router.client.send(method, path)).toMatchObject({ status: 404, body: { code, request_id: expect.any(String) } });
  });
});
