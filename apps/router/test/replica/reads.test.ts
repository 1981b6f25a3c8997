// A router that writes here and reads from a replica (DATABASE_READ_URL in an ordinary region): two databases, so that it shows which was read.
import { createTestDatabase, type TestDatabase, waitFor } from '@singularity-workflow/testkit';
import type { NestFastifyApplication } from '@nestjs/platform-fastify';
import { type RouterClient, startRouter } from '../support/router.js';

let db: TestDatabase;
let replica: TestDatabase;
let app: NestFastifyApplication;
let client: RouterClient;

beforeAll(async () => {
  [db, replica] = await Promise.all([createTestDatabase(), createTestDatabase()]);
  await db.make.define('greet', 'primary');
  await replica.make.define('greet', 'replica');
  await replica.make.worker();
  ({ app, client } = await startRouter(db.url('workflow_router'), { DATABASE_READ_URL: replica.url('workflow_router') }));
  await waitFor(async () => (await stepOf('eventual')) === 'replica', { until: 'the replica has said how old it is' });
}, 120_000);
afterAll(async () => {
  await app.close();
  await Promise.all([db.close(), replica.close()]);
});

async function stepOf(consistency: string): Promise<string | undefined> {
  const { body } = await client.get<{ definition?: { steps: { slug: string }[] } }>(`/api/definitions/greet?consistency=${consistency}`);
  return body.definition?.steps[0]?.slug;
}

const lagOf = async (path: string): Promise<number> => Number((await client.get(path)).headers.get('x-replica-lag-ms') ?? NaN);

it('reads from the replica, and with consistency=strong where it writes', async () => {
  expect([await stepOf('eventual'), await stepOf('strong')]).toEqual(['replica', 'primary']);
  await waitFor(async () => (await lagOf('/api/definitions')) > 0, { until: 'time has passed since the replica was heard of' });
  expect(await lagOf('/api/definitions?consistency=strong')).toBe(0);
});

it('finds at the primary what the replica has not got yet', async () => {
  const runId = await client.start('greet');
  const run = await client.get(`/api/workflows/${runId}`);
  expect(run).toMatchObject({ status: 200, body: { run_id: runId } });
  expect(run.headers.get('x-replica-lag-ms')).toBe('0');
  expect((await client.get(`/api/workflows/${runId}/steps`)).status).toBe(200);
});

it('waits for the end of a run where it is written', async () => {
  const waiting = client.post('/api/workflows?wait=30s', { tenant_id: 'acme', workflow: 'greet', labels: { wait: 'yes' } });
  const worker = await db.make.worker();
  const started = () => db.sql<{ id: string }>(`select run_id as id from workflow.workflow_runs where labels ? 'wait'`);
  const [run] = await waitFor(async () => ((await started()).length > 0 ? started() : null), { until: 'it is started' });
  const reading = client.get(`/api/workflows/${run!.id}?wait=30s`);
  for (const task of await worker.claim()) await worker.complete(task);
  expect(await waiting).toMatchObject({ status: 200, body: { status: 'completed' } });
  expect(await reading).toMatchObject({ status: 200, body: { status: 'completed' } });
});

it('never chooses by a replica what it changes', async () => {
  const [here, there] = [
    await client.start('greet', {}, { labels: { bulk: 'yes' } }),
    await replica.make.start('greet', {}, { labels: { bulk: 'yes' } }),
  ];
  const { body } = await client.post('/api/workflows/cancel', { filter: { labels: { bulk: 'yes' } } });
  expect(body).toMatchObject({ matched: 1, changed: 1 });
  expect([(await db.make.run(here)).status, (await replica.make.run(there)).status]).toEqual(['cancelled', 'started']);
});

it('has the primary’s own age in a region without a replica: none', async () => {
  const { app: plain, client: asked } = await startRouter(db.url('workflow_router'));
  try {
    const runId = await asked.start('greet');
    const before = Date.now();
    const run = await asked.get(`/api/workflows/${runId}?consistency=strong`);
    expect(run.headers.get('x-replica-lag-ms')).toBe('0');
    expect(Date.parse(String(run.body['as_of']))).toBeGreaterThanOrEqual(before - 1);
    expect(Object.keys((await asked.get<{ checks: object }>('/health')).body.checks)).not.toContain('replica');
  } finally {
    await plain.close();
  }
});
