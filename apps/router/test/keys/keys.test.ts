// API keys of one region alone: who is let in, and to what.
import { useRouter } from '../support/router.js';

const router = useRouter();
const { db } = router;

interface Made {
  key_id: string;
  key: string;
  decided: boolean;
}
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });

async function make(role: string, { as, ...more }: { as?: string; tenants?: string[]; expires_at?: string } = {}): Promise<Made> {
  const answer = await router.client.post<Made>('/api/keys', { name: role, role, ...more }, as === undefined ? {} : bearer(as));
  expect(answer).toMatchObject({ status: 201, body: { decided: true } });
  return answer.body;
}

/** What the router remembers of a second ago. */
const ask = async <T = Record<string, unknown>>(path: string, key?: string) =>
  router.client.get<T & { code?: string }>(path, key === undefined ? {} : bearer(key));

beforeEach(async () => {
  await db.make.define('greet', 'hello');
});

// Each test begins with a database without keys, and a router that may remember those of the test before for a second.
afterEach(async () => {
  const { Keyring } = await import('../../src/keys/keyring.js');
  router.app.get(Keyring).forget();
});

it('nobody is asked for a key while there was never one', async () => {
  expect(await ask('/api/definitions')).toMatchObject({ status: 200 });
});

it('the first key is an admin, and from then on nobody gets in without one', async () => {
  expect(await router.client.post('/api/keys', { name: 'k', role: 'operator' })).toMatchObject({
    status: 409,
    body: { code: 'admin_key_needed', field: 'role' },
  });
  const { key } = await make('admin');
  expect(key).toMatch(/^swk_[0-9a-f]{32}_[\w-]{43}$/);
  const refused = await ask('/api/definitions');
  expect(refused).toMatchObject({ status: 401, body: { code: 'key_missing', field: 'authorization' } });
  expect(refused.headers.get('www-authenticate')).toBe('Bearer');
  expect(await ask('/api/definitions', key)).toMatchObject({ status: 200 });
  expect(await router.client.get('/api/definitions', { authorization: 'Bearer of-a-proxy', 'x-api-key': key })).toMatchObject({
    status: 200,
  });
  expect(await ask('/admin/orchestrator')).toMatchObject({ status: 401 });
  expect(await ask('/health/live')).toMatchObject({ status: 200 });
});

it.each([
  ['another secret', (key: string) => `${key.slice(0, -4)}AAAA`],
  ['no key of ours', () => 'secret'],
])('%s is refused', async (_, wrong) => {
  const { key } = await make('admin');
  expect(await ask('/api/definitions', wrong(key))).toMatchObject({ status: 401, body: { code: 'key_not_valid' } });
});

it('the key itself is stored nowhere', async () => {
  const { key } = await make('admin');
  const secret = key.slice(-43);
  const [found] = await db.sql<{ n: number }>(
    `select count(*)::int as n from workflow.api_keys k where to_jsonb(k)::text like '%' || $1 || '%'`,
    [secret],
  );
  expect(found).toEqual({ n: 0 });
  expect(JSON.stringify((await ask('/api/keys', key)).body)).not.toContain(secret);
});

it('keys are the admin’s: an operator does everything else', async () => {
  const admin = await make('admin');
  const operator = await make('operator', { as: admin.key });
  expect(await ask('/api/keys', operator.key)).toMatchObject({ status: 403, body: { code: 'forbidden', role: 'operator' } });
  expect(await ask('/api/workers', operator.key)).toMatchObject({ status: 200 });
  const listed = await ask<{ keys: { key_id: string; role: string; counts: boolean }[] }>('/api/keys', admin.key);
  expect(listed.body.keys.map(({ role, counts }) => `${role} ${counts}`).toSorted()).toEqual(['admin true', 'operator true']);
});

it('a key counts no more once it is revoked, and the last admin stays', async () => {
  const admin = await make('admin');
  const operator = await make('operator', { as: admin.key });
  expect(await ask('/api/workers', operator.key)).toMatchObject({ status: 200 });
  const revoke = (id: string) => router.client.send('DELETE', `/api/keys/${id}`, { headers: bearer(admin.key) });
  expect(await revoke(operator.key_id)).toMatchObject({ status: 200, body: { key_id: operator.key_id, decided: true } });
  expect(await ask('/api/workers', operator.key)).toMatchObject({ status: 401, body: { code: 'key_not_valid' } });
  expect(await revoke(admin.key_id)).toMatchObject({ status: 409, body: { code: 'admin_key_needed' } });
  expect(await revoke('00000000-0000-4000-8000-000000000000')).toMatchObject({ status: 404, body: { code: 'key_not_found' } });
});

it('a key counts no more once it has expired', async () => {
  const admin = await make('admin');
  const brief = await make('operator', { as: admin.key, expires_at: new Date(Date.now() + 3_600_000).toISOString() });
  await db.clock.advance(7_200_000);
  expect(await ask('/api/workers', brief.key)).toMatchObject({ status: 401 });
});

describe('a key of role tenant', () => {
  let key = '';
  beforeEach(async () => {
    const admin = await make('admin');
    ({ key } = await make('tenant', { as: admin.key, tenants: ['acme'] }));
  });
  const start = (tenant: string) =>
    router.client.post<{ run_id: string; code?: string }>('/api/workflows', { tenant_id: tenant, workflow: 'greet' }, bearer(key));

  it('starts, reads and cancels runs of its tenants', async () => {
    const { status, body } = await start('acme');
    expect(status).toBe(202);
    expect(await ask(`/api/workflows/${body.run_id}`, key)).toMatchObject({ status: 200 });
    expect(await ask('/api/workflows?tenant_id=acme', key)).toMatchObject({ status: 200, body: { runs: [{ run_id: body.run_id }] } });
    expect(await router.client.post(`/api/workflows/${body.run_id}/cancel`, undefined, bearer(key))).toMatchObject({ status: 200 });
  });

  it('has nothing of anybody else’s', async () => {
    const foreign = await db.make.start('greet', {}, { tenant_id: 'other' });
    expect(await start('other')).toMatchObject({ status: 403, body: { code: 'forbidden' } });
    expect(await ask(`/api/workflows/${foreign}`, key)).toMatchObject({ status: 403 });
    expect(await ask(`/api/workflows/${foreign}/events`, key)).toMatchObject({ status: 403 });
    expect(await router.client.post(`/api/workflows/${foreign}/cancel`, undefined, bearer(key))).toMatchObject({ status: 403 });
    expect(await router.client.send('DELETE', `/api/workflows/${foreign}`, { headers: bearer(key) })).toMatchObject({ status: 403 });
    expect(await ask('/api/workflows', key)).toMatchObject({ status: 403 });
    expect(await ask('/api/workflows?tenant_id=other', key)).toMatchObject({ status: 403 });
    const batch = {
      workflows: [
        { tenant_id: 'acme', workflow: 'greet' },
        { tenant_id: 'other', workflow: 'greet' },
      ],
    };
    expect(await router.client.post('/api/workflows/batch', batch, bearer(key))).toMatchObject({ status: 403 });
    expect(await db.make.run(foreign)).toMatchObject({ status: 'started' });
    expect(await db.sql('select from workflow.workflow_runs')).toHaveLength(1);
  });

  it('reads definitions and changes none', async () => {
    expect(await ask('/api/definitions/greet', key)).toMatchObject({ status: 200 });
    expect(await router.client.post('/api/definitions', { slug: 'x', steps: [{ slug: 'a' }] }, bearer(key))).toMatchObject({ status: 403 });
  });
});
