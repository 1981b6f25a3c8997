// Submit anywhere: two regions, two routers, a tenant of the other one.
import { waitFor } from '@singularity-workflow/testkit';
import { useMeshRouters } from '../support/mesh-routers.js';

const routers = useMeshRouters(['asia', 'eu']);
const asia = () => routers.client('asia');
const foreign = (nth = 0) => routers.tenantOf('eu', nth);
const own = () => routers.tenantOf('asia');
const runsAt = (region: string) =>
  routers
    .db(region)
    .sql<{ run_id: string; tenant_id: string; idempotency_key: string | null }>('select * from workflow.workflow_runs order by run_id');
const requestsAt = (region: string) =>
  routers
    .db(region)
    .sql<{ request_id: string; request: Record<string, unknown> }>('select request_id, request from workflow.run_requests order by 1');

interface Started {
  run_id: string;
  status: string;
  executed_on: string;
  existing: boolean;
  code: string;
  results: { outcome: string; run_id: string | null; status: string | null; error: { code: string; field?: string } | null }[];
}

beforeEach(async () => {
  for (const region of ['asia', 'eu']) await routers.db(region).make.define('greet', 'hello');
});

describe('a submission for a tenant of another region', () => {
  it('is started at its home, once however often it is sent, and answered as there', async () => {
    const body = { tenant_id: foreign(), workflow: 'greet', input: { n: 1.5, text: 'ß' }, labels: { a: 'b' } };
    const { status, body: answer, headers } = await asia().post<Started>('/api/workflows', body);
    expect(status).toBe(202);
    expect(answer).toMatchObject({ status: 'started', executed_on: 'eu', existing: false });
    const key = headers.get('idempotency-key')!;
    expect(await runsAt('asia')).toEqual([]);
    expect(await runsAt('eu')).toMatchObject([{ run_id: answer.run_id, tenant_id: foreign(), idempotency_key: key, input: body.input }]);

    const again = await asia().post<Started>('/api/workflows', { ...body, idempotency_key: key });
    expect(again.body).toMatchObject({ run_id: answer.run_id, existing: true });
    expect(again.headers.get('idempotency-key')).toBeNull(); // the client's own
  });

  it('goes by the alias, with a key in the header', async () => {
    const headers = { 'idempotency-key': 'k1' };
    const { status, body } = await asia().post<Started>(
      '/api/workflows/execute',
      { goal: 'greet', opts: { tenant_id: foreign() } },
      headers,
    );
    expect([status, body.executed_on]).toEqual([202, 'eu']);
    expect(await runsAt('eu')).toMatchObject([{ idempotency_key: 'k1' }]);
  });

  it('is answered with the whole run where it waits for its end', async () => {
    const answer = asia().post<Started>('/api/workflows?wait=30s', { tenant_id: foreign(), workflow: 'greet' });
    const worker = await routers.db('eu').make.worker();
    await waitFor(async () => (await runsAt('eu')).length === 1, { until: 'the run is started at its home' });
    await worker.complete(await worker.claimOne(), { hi: 1 });
    expect(await answer).toMatchObject({ status: 200, body: { status: 'completed', region: 'eu', output: { hello: { hi: 1 } } } });
  });

  it('may be of a workflow that only the home knows', async () => {
    await routers.db('eu').make.define('there', 'hello');
    expect(await asia().post('/api/workflows', { tenant_id: foreign(), workflow: 'there' })).toMatchObject({ status: 202 });
    expect(await asia().post('/api/workflows', { tenant_id: own(), workflow: 'there' })).toMatchObject({ status: 422 });
  });

  it('is refused as the home refuses it', async () => {
    const { status, headers, body } = await asia().post<Started>('/api/workflows', { tenant_id: foreign(), workflow: 'nothing' });
    expect([status, body.code]).toEqual([422, 'unknown_workflow']);
    expect(headers.get('content-type')).toContain('application/problem+json');
    expect(await requestsAt('asia')).toEqual([]);
  });

  it('is started here from then on when the tenant has come here', async () => {
    await asia().post('/api/workflows', { tenant_id: foreign(), workflow: 'greet' });
    await routers.move(foreign(), 'asia', 2);
    const { body } = await asia().post<Started>('/api/workflows', { tenant_id: foreign(), workflow: 'greet' }); // asia remembers the former home
    expect(body).toMatchObject({ executed_on: 'asia', status: 'started' });
    expect(await runsAt('asia')).toMatchObject([{ run_id: body.run_id }]);
  });

  it('follows a tenant that has just left', async () => {
    expect(await asia().post('/api/workflows', { tenant_id: own(), workflow: 'greet' })).toMatchObject({ body: { executed_on: 'asia' } });
    await routers.move(own(), 'eu', 2);
    expect(await asia().post('/api/workflows', { tenant_id: own(), workflow: 'greet' })).toMatchObject({
      status: 202,
      body: { executed_on: 'eu', status: 'started' },
    });
  });
});

describe('a submission that no home takes now', () => {
  const requested = async (body: object = {}) => {
    const answer = await asia().post<Started>('/api/workflows', { tenant_id: foreign(), workflow: 'greet', input: 7, ...body });
    expect(answer).toMatchObject({ status: 202, body: { status: 'requested', executed_on: 'eu', durability: 'local' } });
    return answer.body.run_id;
  };
  const decide = async () => {
    await routers.carry('asia', 'eu');
    const db = routers.db('eu');
    await db.call('start_requested_runs', [await db.make.leaderToken(), 100]);
    await routers.carry('eu', 'asia');
  };

  describe('because the home does not answer', () => {
    beforeEach(() => routers.stop('eu'));
    afterEach(() => routers.start('eu'));

    it('becomes a request with the id that the run will have, and reads as one', async () => {
      const runId = await requested({ labels: { a: 'b' }, idempotency_key: 'k' });
      expect(await asia().get(`/api/workflows/${runId}`)).toMatchObject({
        status: 200,
        body: {
          run_id: runId,
          status: 'requested',
          tenant_id: foreign(),
          input: 7,
          labels: { a: 'b' },
          idempotency_key: 'k',
          region: 'eu',
          definition_id: null,
        },
      });
      expect(await requested({ labels: { a: 'b' }, idempotency_key: 'k' })).toBe(runId);
      expect(
        await asia().post('/api/workflows', { tenant_id: foreign(), workflow: 'greet', input: 8, idempotency_key: 'k' }),
      ).toMatchObject({
        status: 409,
        body: { code: 'idempotency_conflict' },
      });
    });

    it('is the run once its home has started it', async () => {
      const runId = await requested();
      const waiting = asia().get(`/api/workflows/${runId}?wait=30s`);
      await decide();
      expect(await asia().get(`/api/workflows/${runId}`)).toMatchObject({
        status: 200,
        body: { run_id: runId, status: 'started', region: 'eu' },
      });
      await routers
        .db('asia')
        .sql(`update workflow.workflow_runs set status = 'cancelled', finished_at = now() where run_id = $1`, [runId]);
      expect(await waiting).toMatchObject({ status: 200, body: { status: 'cancelled' } });
    });

    it('is the refusal where the home refused it', async () => {
      await routers.db('eu').sql(`delete from workflow.workflow_versions`);
      const runId = await requested({ workflow: 'nothing' });
      await routers.carry('asia', 'eu');
      await routers.db('eu').sql(`update workflow.run_requests set requested_at = requested_at - interval '1 day'`);
      await decide();
      expect(await asia().get(`/api/workflows/${runId}`)).toMatchObject({ status: 422, body: { code: 'unknown_workflow', run_id: runId } });
    });

    it('is the run that had its key', async () => {
      const first = await routers.db('eu').make.start('greet', 7, { tenant_id: foreign(), idempotency_key: 'k' });
      const runId = await requested({ idempotency_key: 'k' });
      await decide();
      expect(await asia().get(`/api/workflows/${runId}`)).toMatchObject({ status: 200, body: { run_id: first } });
    });

    it('stores nothing of one that wants a quorum', async () => {
      const { status, body } = await asia().post('/api/workflows', { tenant_id: foreign(), workflow: 'greet', durability: 'quorum' });
      expect({ status, ...body }).toMatchObject({
        status: 503,
        code: 'home_unavailable',
        region: 'eu',
        done: false,
        idempotency_key: expect.any(String),
      });
      expect(await requestsAt('asia')).toEqual([]);
    });

    it('takes the part of a batch that is for it as requests', async () => {
      const workflows = [
        { tenant_id: foreign(), workflow: 'greet' },
        { tenant_id: own(), workflow: 'greet' },
        { tenant_id: foreign(1), workflow: 'greet', durability: 'quorum' },
        { tenant_id: foreign(1), workflow: 'greet', priority: 'low' },
      ];
      const { status, body } = await asia().post<Started>('/api/workflows/batch', { workflows });
      expect(status).toBe(200);
      expect(body.results.map(({ outcome, status: state, error }) => [outcome, state, error?.code])).toEqual([
        ['requested', 'requested', undefined],
        ['created', 'started', undefined],
        ['refused', null, 'home_unavailable'],
        ['requested', 'requested', undefined],
      ]);
      const taken = await requestsAt('asia');
      expect(new Set(taken.map(({ request_id: id }) => id))).toEqual(new Set([body.results[0]!.run_id, body.results[3]!.run_id]));
      for (const { request } of taken) expect(request['idempotency_key']).toEqual(expect.any(String));
    });
  });

  it('becomes a request where this region is the home and has no lease', async () => {
    await routers.setLease('asia', false);
    expect(await asia().post('/api/workflows', { tenant_id: own(), workflow: 'greet' })).toMatchObject({
      status: 202,
      body: { status: 'requested', executed_on: 'asia' },
    });
    expect(await requestsAt('asia')).toHaveLength(1);
  });

  it('becomes a request where two regions take each other for the home', async () => {
    await routers.move(own(), 'eu', 2, ['asia']); // eu has not learned it
    expect(await asia().post('/api/workflows', { tenant_id: own(), workflow: 'greet' })).toMatchObject({
      status: 202,
      body: { status: 'requested' },
    });
    expect([await runsAt('asia'), await runsAt('eu')]).toEqual([[], []]);
  });
});

it('splits a batch by home, and answers in the order of its elements', async () => {
  const workflows = [
    { tenant_id: foreign(), workflow: 'greet', input: 0 },
    { tenant_id: own(), workflow: 'greet', input: 1 },
    { tenant_id: foreign(1), workflow: 'nothing' },
    { tenant_id: own(), workflow: 'greet', input: 3, extra: true },
    { tenant_id: foreign(1), workflow: 'greet', input: 4 },
    { tenant_id: own(), workflow: 'greet', labels: 7 },
  ];
  const { status, body } = await asia().post<Started>('/api/workflows/batch', { workflows });
  expect(status).toBe(200);
  expect(body.results.map(({ outcome, error }) => [outcome, error?.code, error?.field])).toEqual([
    ['created', undefined, undefined],
    ['created', undefined, undefined],
    ['refused', 'unknown_workflow', 'workflows.2.workflow'],
    ['refused', 'unknown_field', 'workflows.3.extra'],
    ['created', undefined, undefined],
    ['refused', 'bad_labels', 'workflows.5.labels'],
  ]);
  const idOf = (at: number) => body.results[at]!.run_id;
  expect((await runsAt('asia')).map(({ run_id: id }) => id)).toEqual([idOf(1)]);
  expect(new Set((await runsAt('eu')).map(({ run_id: id }) => id))).toEqual(new Set([idOf(0), idOf(4)]));
});
