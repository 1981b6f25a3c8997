// What a secondary answers from its replica, and what its primary answers through it.
import { randomUUID } from 'node:crypto';
import { waitFor } from '@singularity-workflow/testkit';
import type { Answer, RouterClient } from '../support/router.js';
import { Pair, startSecondary } from '../support/secondary.js';

type Body = Record<string, unknown>;
let pair: Pair;

beforeAll(async () => {
  pair = await Pair.start({ REPLICA_LAG_MS_MAX: '3600000' });
  for (const db of [pair.primaryDb, pair.replicaDb]) {
    await db.make.define('greet', 'hello');
    await db.make.define('here', db === pair.primaryDb ? 'primary' : 'replica');
  }
}, 120_000);
afterAll(() => pair.close());

const lagOf = ({ headers }: Answer<unknown>): number => Number(headers.get('x-replica-lag-ms') ?? NaN);
const asOfOf = ({ headers }: Answer<unknown>): number => Date.parse(headers.get('x-as-of') ?? '');
const start = (rest: object = {}) => ({ tenant_id: 'acme', workflow: 'greet', ...rest });

async function heardNow(): Promise<void> {
  const before = asOfOf(await pair.secondary.get('/api/definitions'));
  await pair.replicaDb.call('heartbeat', [pair.heard.id, '[]', null, []]);
  await waitFor(async () => asOfOf(await pair.secondary.get('/api/definitions')) > before, { until: 'the router has seen the heartbeat' });
}

describe('a read', () => {
  it('comes from the replica and says of which time it is, in the body and in the headers', async () => {
    const runId = await pair.replicaDb.make.start('greet');
    await heardNow();
    const run = await pair.secondary.get(`/api/workflows/${runId}`);
    expect(run).toMatchObject({ status: 200, body: { run_id: runId, status: 'started', as_of: run.headers.get('x-as-of') } });
    expect(lagOf(run)).toBeGreaterThanOrEqual(0);
    const again = await pair.secondary.get(`/api/workflows/${runId}`);
    expect(asOfOf(again)).toBe(asOfOf(run)); // nothing was heard since
    await waitFor(async () => lagOf(await pair.secondary.get(`/api/workflows/${runId}`)) > lagOf(run), { until: 'it has grown older' });
    expect((await pair.primary.get(`/api/workflows/${runId}`)).status).toBe(404);
  });

  it.each([
    '/api/workflows',
    '/api/definitions',
    '/api/definitions/here',
    '/api/definitions/here/versions',
    '/api/schedules',
    '/api/workers',
  ])('of %s says how old it is', async (path) => {
    const answer = await pair.secondary.get(path);
    expect([answer.status, asOfOf(answer), lagOf(answer)]).toEqual([200, expect.any(Number), expect.any(Number)]);
    expect(lagOf(answer)).toBeGreaterThanOrEqual(0);
  });

  it('of a list has the runs of the replica, at home where the primary is', async () => {
    const runId = await pair.replicaDb.make.start('greet');
    const { body } = await pair.secondary.get<{ runs: Body[] }>('/api/workflows?limit=1');
    expect(body.runs).toMatchObject([{ run_id: runId, region: 'local' }]); // where the worker of the replica says that it is
    expect((await pair.secondary.get<{ runs: Body[] }>('/api/workflows?limit=1&region=local')).body.runs).toHaveLength(1);
  });

  it('judges workers by the time of which the replica is', async () => {
    await heardNow();
    await pair.replicaDb.clock.advance(365 * 86_400_000);
    const { body } = await pair.secondary.get<{ workers: Body[] }>('/api/workers');
    expect(body.workers).toMatchObject([{ worker_id: pair.heard.id, state: 'active' }]);
    await pair.replicaDb.sql(`update testkit.clock set shift = '0'`);
    expect((await pair.secondary.get(`/api/workers/${pair.heard.id}`)).body).toMatchObject({ state: 'active' });
  });

  it('with consistency=strong comes from the primary', async () => {
    const answer = await pair.secondary.get<{ definition: { steps: Body[] } }>('/api/definitions/here?consistency=strong');
    expect([answer.status, lagOf(answer)]).toEqual([200, 0]);
    expect(answer.body.definition.steps).toMatchObject([{ slug: 'primary' }]);
    const near = await pair.secondary.get<{ definition: { steps: Body[] } }>('/api/definitions/here?consistency=eventual');
    expect(near.body.definition.steps).toMatchObject([{ slug: 'replica' }]);
    expect((await pair.secondary.get('/api/definitions/here?consistency=maybe')).body).toMatchObject({
      code: 'invalid_request',
      field: 'consistency',
    });
  });

  it('of what the replica has not got yet is the primary’s', async () => {
    const runId = await pair.primary.start('greet');
    const run = await pair.secondary.get(`/api/workflows/${runId}`);
    expect(run).toMatchObject({ status: 200, body: { run_id: runId, region: 'home' } });
    expect(lagOf(run)).toBe(0);
    expect((await pair.secondary.get(`/api/workflows/${runId}/steps`)).status).toBe(200);
    const missing = await pair.secondary.get(`/api/workflows/${randomUUID()}`);
    expect(missing).toMatchObject({ status: 404, body: { code: 'run_not_found' } });
    expect(missing.headers.get('content-type')).toContain('application/problem+json');
  });

  it('of queues and of leaders is the primary’s: a replica cannot know', async () => {
    const depths = async (router: RouterClient) =>
      (await router.get<{ queues: { depth: number }[] }>('/api/queues')).body.queues.map(({ depth }) => depth);
    await pair.primary.start('greet');
    expect(await depths(pair.secondary)).toEqual(await depths(pair.primary));
    expect(Math.max(...(await depths(pair.primary)))).toBeGreaterThan(0);
    expect((await pair.secondary.get('/admin/orchestrator')).status).toBe(200);
  });

  it('waits for the end of a run at the replica', async () => {
    const runId = await pair.replicaDb.make.start('greet');
    const waiting = pair.secondary.get(`/api/workflows/${runId}?wait=30s`);
    const worker = pair.heard;
    for (const task of await worker.claim()) await worker.complete(task, 'hello');
    expect(await waiting).toMatchObject({ status: 200, body: { status: 'completed', output: { hello: 'hello' } } });
  });

  it('of events follows a run at the replica, and one that only the primary has', async () => {
    const [near, far] = [await pair.replicaDb.make.start('greet'), await pair.primary.start('greet')];
    const streams = [near, far].map((runId) => pair.secondary.get<string>(`/api/workflows/${runId}/events`));
    await pair.replicaDb.call('cancel_runs', [[near], null]);
    await pair.primary.post(`/api/workflows/${far}/cancel`);
    for (const { status, headers, body } of await Promise.all(streams)) {
      expect([status, headers.get('content-type')]).toEqual([200, 'text/event-stream; charset=utf-8']);
      expect(body).toContain('event: run_created');
      expect(body).toContain('event: run_cancelled');
    }
  });
});

describe('a write', () => {
  it('is done by the primary, once, however often it comes with the key that the secondary gave it', async () => {
    const first = await pair.secondary.post('/api/workflows', start({ input: { n: 1 } }));
    expect(first).toMatchObject({ status: 202, body: { executed_on: 'home', existing: false } });
    const key = first.headers.get('idempotency-key')!;
    const second = await pair.secondary.post('/api/workflows', start({ input: { n: 1 } }), { 'idempotency-key': key });
    expect(second).toMatchObject({ status: 202, body: { run_id: first.body['run_id'], existing: true } });
    expect(await pair.primaryDb.make.run(first.body['run_id'] as string)).toMatchObject({ idempotency_key: key });
    expect(await pair.replicaDb.sql('select from workflow.workflow_runs where run_id = $1', [first.body['run_id']])).toEqual([]);
  });

  it('keeps the key of its client, and is refused as the primary refuses it', async () => {
    const first = await pair.secondary.post('/api/workflows', start({ idempotency_key: 'own', input: 1 }));
    expect(first.headers.get('idempotency-key')).toBeNull();
    const other = await pair.secondary.post('/api/workflows', start({ input: 2 }), { 'idempotency-key': 'own' });
    expect(other).toMatchObject({ status: 409, body: { code: 'idempotency_conflict', run_id: first.body['run_id'] } });
    expect(other.headers.get('content-type')).toContain('application/problem+json');
    expect((await pair.secondary.post('/api/workflows', start({ workflow: 'nope' }))).body).toMatchObject({ code: 'unknown_workflow' });
    expect((await pair.secondary.raw('/api/workflows', '{"a":1,"a":2}')).body).toMatchObject({ status: 400, code: 'duplicate_key' });
  });

  it('of a batch gives each element a key', async () => {
    const workflows = [start(), start({ workflow: 'nope' }), start({ idempotency_key: 'mine' })];
    const { status, body } = await pair.secondary.post<{ results: Body[] }>('/api/workflows/batch', { workflows });
    expect([status, body.results.map(({ outcome }) => outcome)]).toEqual([200, ['created', 'refused', 'created']]);
    const runs = await Promise.all([0, 2].map((at) => pair.primaryDb.make.run(body.results[at]!['run_id'] as string)));
    expect(runs.map(({ idempotency_key }) => idempotency_key)).toEqual([expect.stringMatching(/^[0-9a-f-]{36}$/), 'mine']);
  });

  it('waits for the end of the run as at the primary', async () => {
    let answered = false;
    const waiting = pair.secondary.post('/api/workflows?wait=30s', start()).finally(() => (answered = true));
    const worker = await pair.primaryDb.make.worker();
    const working = async (): Promise<boolean> => {
      for (const task of await worker.claim()) await worker.complete(task, 'there');
      return answered;
    };
    await waitFor(working, { until: 'the run has ended and its client knows' });
    expect(await waiting).toMatchObject({ status: 200, body: { status: 'completed', region: 'home' } });
  });

  it('of every other kind goes there too: definitions, commands, schedules, deletions', async () => {
    const definition = { slug: 'made-far-away', steps: [{ slug: 'a' }] };
    expect((await pair.secondary.post('/api/definitions', definition)).status).toBe(201);
    const schedule = { tenant_id: 'acme', name: 'nightly', cron: '0 0 * * *', workflow: 'made-far-away' };
    expect((await pair.secondary.post('/api/schedules', schedule)).status).toBe(201);
    const run = await pair.secondary.post('/api/schedules/nightly/run?tenant_id=acme');
    expect(run).toMatchObject({ status: 202, body: { existing: false } });
    expect(await pair.primaryDb.make.run(run.body['run_id'] as string)).toMatchObject({ workflow: 'made-far-away' });
    expect(await pair.secondary.send('PUT', '/api/schedules/nightly?tenant_id=acme', jsonOf({ paused: true }))).toMatchObject({
      status: 200,
    });
    expect((await pair.secondary.delete('/api/schedules/nightly?tenant_id=acme')).status).toBe(204);
    const path = `/api/workflows/${String(run.body['run_id'])}`;
    for (const [command, changed] of [
      ['pause', true],
      ['pause', false],
      ['resume', true],
      ['cancel', true],
    ] as const)
      // prettier-ignore
      expect((await pair.secondary.post(`${path}/${command}`)).body).toMatchObject({ changed });
    expect((await pair.secondary.post('/api/workflows/cancel', { filter: { tenant_id: 'acme' }, dry_run: true })).status).toBe(200);
    expect((await pair.secondary.delete(path)).status).toBe(204);
    expect(await pair.secondary.delete(path)).toMatchObject({ status: 404, body: { code: 'run_not_found' } });
    expect((await pair.secondary.post('/admin/orchestrator/promote')).body).toMatchObject({ code: 'no_candidate' });
  });

  it('to a path that does not exist, or does not take it, is refused here', async () => {
    expect((await pair.secondary.post('/api/nothing', {})).body).toMatchObject({ code: 'route_not_found' });
    expect(await pair.secondary.send('PATCH', '/api/workflows')).toMatchObject({ status: 405, body: { code: 'method_not_allowed' } });
  });

  it('is not forwarded twice', async () => {
    const { app, client } = await startSecondary(pair.replicaDb, pair.secondary.origin);
    try {
      const refused = await client.post('/api/workflows', start());
      expect(refused).toMatchObject({ status: 508, body: { code: 'forward_loop', detail: expect.stringContaining('far/') } });
      expect(refused.body['detail']).toContain('forwarded this request here');
    } finally {
      await app.close();
    }
  });
});

describe('the process', () => {
  it('is no worker, probes no queue, and says how its replica and its primary are', async () => {
    const { status, body } = await pair.secondary.get<{ checks: Body; region: string; reasons: string[] }>('/health');
    expect([status, body.reasons]).toEqual([200, []]);
    expect(Object.keys(body.checks).toSorted()).toEqual(['database', 'primary', 'replica']);
    expect(body.checks).toMatchObject({
      replica: { status: 'up', kind: 'none', region: 'local', lag_ms: expect.any(Number) },
      primary: { status: 'up', address: pair.primary.origin },
    });
    expect(await pair.replicaDb.sql(`select from workflow.workflow_workers where app = 'router'`)).toEqual([]);
    const { body: metrics } = await pair.secondary.get<string>('/metrics');
    expect(metrics).toMatch(/^workflow_replica_lag_seconds\{app="router"\} \d/m);
    expect(metrics).toMatch(/^workflow_forwards_total\{outcome="answered",app="router"\} [1-9]/m);
    expect(metrics).toMatch(/^workflow_forwards_total\{outcome="unavailable",app="router"\} 0$/m);
  });

  it('goes on reading while the primary is away, refuses what it would have to do, and says so', async () => {
    const runId = await pair.replicaDb.make.start('greet');
    await pair.stopPrimary();
    const refused = await pair.secondary.post('/api/workflows', start());
    expect(refused).toMatchObject({
      status: 503,
      body: { code: 'primary_unavailable', done: false, idempotency_key: refused.headers.get('idempotency-key') },
    });
    expect(refused.headers.get('retry-after')).toBe('1');
    expect((await pair.secondary.get(`/api/workflows/${runId}`)).status).toBe(200);
    expect((await pair.secondary.get('/api/workflows?consistency=strong')).body).toMatchObject({ code: 'primary_unavailable' });
    expect((await pair.secondary.get(`/api/workflows/${randomUUID()}`)).body).toMatchObject({ code: 'primary_unavailable' });
    expect((await pair.secondary.get('/health/ready')).status).toBe(200);
    const degraded = async () => (await pair.secondary.get<{ reasons: string[] }>('/health')).body.reasons;
    await waitFor(async () => (await degraded()).length > 0, { until: 'its health says so' });
    expect(await degraded()).toEqual([expect.stringMatching(/^primary: .*: writes and strong reads are refused, other reads go on$/)]);

    await pair.startPrimary();
    const again = await pair.secondary.post('/api/workflows', start(), { 'idempotency-key': String(refused.body['idempotency_key']) });
    expect(again).toMatchObject({ status: 202, body: { existing: false } });
    await waitFor(async () => (await degraded()).length === 0, { until: 'all is well again' });
  });

  it('stops in order: a long poll that it forwarded ends, with the key to ask again; so does a stream', async () => {
    const { app, client } = await startSecondary(pair.replicaDb, pair.primary.origin);
    await waitFor(async () => (await client.get('/health/ready')).status === 200, { until: 'it is ready' });
    const label = randomUUID();
    const waiting = client.post('/api/workflows?wait=60s', start({ labels: { label } }));
    const stored = () =>
      pair.primaryDb.sql<{ run_id: string }>('select run_id from workflow.workflow_runs where labels @> $1', [{ label }]);
    const [run] = await waitFor(async () => ((await stored()).length > 0 ? stored() : null), { until: 'the run is stored' });
    const stream = client.get<string>(`/api/workflows/${run!.run_id}/events`);
    await app.close();
    const ended = await waiting;
    expect(ended).toMatchObject({ status: 503, body: { code: 'draining', idempotency_key: ended.headers.get('idempotency-key') } });
    await stream.catch(() => undefined); // cut, as a stream is: it is opened again after its last event
    const again = await pair.primary.post('/api/workflows', start({ labels: { label } }), {
      'idempotency-key': String(ended.body['idempotency_key']),
    });
    expect(again.body).toMatchObject({ run_id: run!.run_id, existing: true });
  });

  it('says when its replica is too far behind, and reads on', async () => {
    const { app, client } = await startSecondary(pair.replicaDb, pair.primary.origin, { REPLICA_LAG_MS_MAX: '100' });
    try {
      const reasons = async () => (await client.get<{ reasons: string[] }>('/health')).body.reasons;
      await waitFor(async () => (await reasons()).some((reason) => /^the replica is \d+ ms behind$/.test(reason)), {
        until: 'it is behind',
      });
      expect((await client.get('/health/ready')).status).toBe(200);
      expect((await client.get('/api/workflows')).status).toBe(200);
    } finally {
      await app.close();
    }
  });
});

function jsonOf(body: object): RequestInit {
  return { body: JSON.stringify(body), headers: { 'content-type': 'application/json' } };
}
