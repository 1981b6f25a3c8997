// Versions and API keys in a mesh, as routers show them: two regions, two routers; what their monitors would have decided is decided by the test.
import { json, waitFor } from '@singularity-workflow/testkit';
import { useMeshRouters } from '../support/mesh-routers.js';

jest.setTimeout(120_000);

const NAMES = ['asia', 'eu'] as const;
const routers = useMeshRouters(NAMES);
const definition = { slug: 'greet', steps: [{ slug: 'hello' }] };
const bearer = (key: string) => ({ authorization: `Bearer ${key}` });
/** What routers remember of keys. */
const FORGOTTEN_MS = 30_000;

/** The wishes of a region go into the logs of `at`. */
async function decide(region: string, at: readonly string[] = NAMES): Promise<void> {
  const wishes = () =>
    routers.db(region).sql<{ item: object }>('select item from workflow.log_wishes where epoch is null order by wish_id');
  await waitFor(async () => (await wishes()).length > 0, { until: `${region} wishes for something` });
  const value = { version: 1, kind: 'catalog', by: routers.mesh.at(region).memberId, items: (await wishes()).map(({ item }) => item) };
  for (const name of at)
    await routers.db(name).sql(`select workflow.learn_entry(m.last_epoch + 1, $1, now()) from workflow.mesh m`, [json(value)]);
}

async function carryDefinitions(from: string, to: string): Promise<void> {
  await routers.db(to).sql('select workflow.arm_guards()');
  await routers.carry(from, to);
}

describe('a definition that is registered in a mesh', () => {
  it('is answered with its version when the log has it', async () => {
    const answer = routers.client('asia').post('/api/definitions', definition);
    await decide('asia');
    expect(await answer).toMatchObject({ status: 201, body: { slug: 'greet', version: 1, created: true, activated: true } });
    expect(await routers.client('asia').post('/api/definitions', definition)).toMatchObject({
      status: 200,
      body: { version: 1, created: false },
    });
  });

  it('is answered as on its way where nothing is decided', async () => {
    expect(await routers.client('asia').post('/api/definitions', definition)).toMatchObject({
      status: 202,
      body: { version: null, created: true, activated: false },
    });
  });

  it('starts runs as requests at homes where it has not arrived yet, alone and in a batch, and runs when it has', async () => {
    await routers.db('asia').make.define('other', 'a');
    const answer = routers.client('asia').post('/api/definitions', definition);
    await decide('asia');
    await answer;
    const body = { tenant_id: routers.tenantOf('eu'), workflow: 'greet', input: 1 };
    const alone = await routers.client('asia').post<{ run_id: string }>('/api/workflows', body);
    expect(alone).toMatchObject({ status: 202, body: { status: 'requested', executed_on: 'eu' } });
    const batch = await routers.client('asia').post('/api/workflows/batch', { workflows: [body] });
    expect(batch).toMatchObject({ status: 200, body: { results: [{ outcome: 'requested', error: null }] } });
    const unknown = await routers.client('asia').post('/api/workflows', { ...body, workflow: 'nobody-knows-it' });
    expect(unknown).toMatchObject({ status: 422, body: { code: 'unknown_workflow' } });

    await carryDefinitions('asia', 'eu');
    const { db } = routers.mesh.at('eu');
    await db.call('start_requested_runs', [await db.make.leaderToken(), 100]);
    expect(await db.make.run(alone.body.run_id)).toMatchObject({ status: 'started', workflow: 'greet' });
    expect(await db.sql('select from workflow.workflow_runs')).toHaveLength(2);
  });
});

it('an activation is answered when the log has it', async () => {
  await routers.db('asia').make.define(definition);
  await routers.db('asia').make.define({ ...definition, max_attempts: 7 });
  const answer = routers.client('asia').post('/api/definitions/greet/1/activate');
  await decide('asia', ['asia']);
  expect(await answer).toMatchObject({ status: 200, body: { slug: 'greet', version: 1 } });
  expect(await routers.client('asia').get('/api/definitions/greet')).toMatchObject({ body: { version: 1 } });
});

describe('an API key', () => {
  interface Made {
    key_id: string;
    key: string;
  }
  async function make(role: string, as?: string, more: object = {}): Promise<Made> {
    const answer = routers.client('asia').post<Made>('/api/keys', { name: role, role, ...more }, as === undefined ? {} : bearer(as));
    await decide('asia');
    expect(await answer).toMatchObject({ status: 201, body: { decided: true } });
    return (await answer).body;
  }
  const statusAt = async (region: string, key: string) => (await routers.client(region).get('/api/workers', bearer(key))).status;
  const isAt = (region: string, key: string, status: number) =>
    waitFor(async () => (await statusAt(region, key)) === status, { until: `${region} answers ${status}`, timeoutMs: FORGOTTEN_MS });
  // Routers may remember the keys of the test before for a moment.
  beforeEach(async () => {
    const isOpen = async (): Promise<boolean> =>
      (await Promise.all(NAMES.map((name) => routers.client(name).get('/api/workers')))).every(({ status }) => status === 200);
    await waitFor(isOpen, { until: 'no router asks for a key', timeoutMs: FORGOTTEN_MS });
  });

  const locked = (region: string) =>
    waitFor(async () => (await routers.client(region).get('/api/workers')).status === 401, {
      until: `${region} asks for keys`,
      timeoutMs: FORGOTTEN_MS,
    });

  it('that one region made counts in the other, and no more when it is revoked there', async () => {
    const admin = await make('admin');
    const operator = await make('operator', admin.key);
    await locked('eu');
    await isAt('eu', operator.key, 200);
    const revoked = routers.client('asia').send('DELETE', `/api/keys/${operator.key_id}`, { headers: bearer(admin.key) });
    await waitFor(async () => (await statusAt('asia', operator.key)) === 401, { until: 'it is refused where it was revoked' });
    expect(await statusAt('eu', operator.key)).toBe(200); // it has not learned of it
    await decide('asia');
    expect(await revoked).toMatchObject({ status: 200, body: { decided: true } });
    await isAt('eu', operator.key, 401);
  });

  it('goes with a submission to its home, and with a request into the log: a home that knows of its revocation refuses it', async () => {
    await routers.db('asia').make.define(definition);
    await routers.db('eu').make.define(definition);
    const admin = await make('admin');
    const body = { tenant_id: routers.tenantOf('eu'), workflow: 'greet', input: 1 };
    const tenant = await make('tenant', admin.key, { tenants: [body.tenant_id] });
    await locked('asia');
    const post = () => routers.client('asia').post<{ run_id: string; code?: string }>('/api/workflows', body, bearer(tenant.key));
    expect(await post()).toMatchObject({ status: 202, body: { executed_on: 'eu', status: 'started' } });

    await routers.stop('eu');
    try {
      const requested = await post();
      expect(requested).toMatchObject({ status: 202, body: { status: 'requested' } });
      const { db } = routers.mesh.at('eu');
      const [row] = await routers.db('asia').sql('select key_id from workflow.run_requests');
      expect(row).toEqual({ key_id: tenant.key_id });
      await db.sql('update workflow.api_keys set revoked_at = now() where key_id = $1', [tenant.key_id]);
      await routers.carry('asia', 'eu');
      await db.call('start_requested_runs', [await db.make.leaderToken(), 100]);
      await routers.carry('eu', 'asia');
      expect(await routers.client('asia').get(`/api/workflows/${requested.body.run_id}`, bearer(tenant.key))).toMatchObject({
        body: { code: 'key_not_valid', run_id: requested.body.run_id },
      });
    } finally {
      await routers.start('eu');
      const isReady = async (): Promise<boolean> => (await routers.client('eu').get('/health/ready')).status === 200;
      await waitFor(isReady, { until: 'the router of eu is ready again', timeoutMs: FORGOTTEN_MS });
    }
  });

  it('that the home of a submission knows as revoked is refused, though the region that was asked does not know it yet', async () => {
    await routers.db('eu').make.define(definition);
    const admin = await make('admin');
    const operator = await make('operator', admin.key);
    await routers.db('eu').sql('update workflow.api_keys set revoked_at = now() where key_id = $1', [operator.key_id]);
    const body = { tenant_id: routers.tenantOf('eu'), workflow: 'greet', input: 1 };
    expect(await routers.client('asia').post('/api/workflows', body, bearer(operator.key))).toMatchObject({
      status: 401,
      body: { code: 'key_not_valid' },
    });
  });
});
