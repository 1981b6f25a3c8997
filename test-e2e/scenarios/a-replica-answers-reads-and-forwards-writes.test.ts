// A secondary: a router over a physical replica (a hot standby), which answers reads by itself and hands everything else to the primary.
import { randomUUID } from 'node:crypto';
import { ensureServiceLogins } from '@singularity-workflow/core';
import {
  CrashableServer,
  createTestDatabase,
  LinkProxy,
  STANDBY_NAME,
  StandbyServer,
  type TestDatabase,
  waitFor,
} from '@singularity-workflow/testkit';
import { outputOf, say } from '../harness/load.js';
import { inRegion, type Region } from '../harness/region.js';
import { ask, Secondary } from '../harness/secondary.js';
import { kill } from '../nemesis/kill.js';

const PATIENCE = { timeoutMs: 60_000, everyMs: 50 };
const LAG_MS_MAX = 3_000;

it(
  'reads from the replica and says how old it is, has every write done once at the primary, and goes on reading without it',
  inRegion({}, async (region) => {
    const standby = await StandbyServer.of(region.server);
    const proxy = await LinkProxy.start(Number(new URL(await primaryAddress(region)).port));
    try {
      await isWell(region);
      const replicaUrl = standby.urlLike(region.addressFor('router'));
      const primary = [await primaryAddress(region)];
      const env = { REPLICA_LAG_MS_MAX: String(LAG_MS_MAX), FORWARD_TIMEOUT_MS: '5000' };
      const secondary = await Secondary.start(region, { replicaUrl, primary }, env);
      await runsThroughIt(region, secondary);
      await isToldByItsAge(region, secondary, standby);
      await repeatsWithoutHarm(
        region,
        await Secondary.start(region, { replicaUrl, primary: [`http://127.0.0.1:${proxy.port}`] }, env),
        proxy,
      );
      await outlivesThePrimary(region, secondary);
      expect(region.services.filter(({ ended }) => ended !== null).map(({ name }) => name)).toEqual(['router-1']);
    } finally {
      await proxy.close();
      await standby.close();
    }
  }),
  300_000,
);

it(
  'reads from a logical replica too, with one subscription',
  inRegion({ record: false }, async (region) => {
    const server = await CrashableServer.start();
    const replica = await createTestDatabase(server.url);
    try {
      const { router: replicaUrl } = await ensureServiceLogins({ adminUrl: replica.url() });
      const before = await region.client.start({ tenant_id: 'e2e', workflow: 'e2e-chain', input: { n: 1 } });
      await region.client.waitFor(before.run_id, { timeoutMs: 60_000 });
      await subscribe(region, replica);
      const secondary = await Secondary.start(region, { replicaUrl, primary: [await primaryAddress(region)] });
      const { run_id: runId } = await secondary.client.start({ tenant_id: 'e2e', workflow: 'e2e-fan', input: { n: 2 } });
      expect((await secondary.client.waitFor(runId, { timeoutMs: 60_000 })).status).toBe('completed');
      for (const id of [before.run_id, runId]) await followed(replica, secondary, id);
      const { checks } = (await secondary.get('/health')).body as { checks: { replica: object } };
      const subscriptions = [{ name: 'secondary', connected: true }];
      expect(checks.replica).toMatchObject({ status: 'up', kind: 'logical', region: 'local', subscriptions });

      await replica.sql('alter subscription secondary disable');
      const { asOf } = await secondary.get('/api/workflows');
      const older = async (): Promise<boolean> => (await secondary.get('/api/workflows')).lagMs > LAG_MS_MAX;
      await waitFor(older, { ...PATIENCE, until: 'it grows older without its subscription' });
      expect((await secondary.get('/api/workflows')).asOf - asOf).toBeLessThan(LAG_MS_MAX);
    } finally {
      await replica.sql('drop subscription if exists secondary').catch(() => undefined);
      await replica.close();
      await server.close();
    }
  }),
  300_000,
);

/** As docs/read-replicas.md says. */
async function subscribe({ db }: Region, replica: TestDatabase): Promise<void> {
  const tables = [
    'workflow_definitions', 'workflow_steps', 'workflow_step_dependencies', 'workflow_versions', 'workflow_runs', 'step_states', 'step_tasks',
    'step_attempts', 'workflow_schedules', 'workflow_workers', 'api_keys',
  ]; // prettier-ignore
  await db.sql(`create publication workflow_reads for table ${tables.map((table) => `workflow.${table}`).join(', ')}`);
  const { hostname, port, username, password, pathname } = new URL(db.url());
  const source = `host=${hostname} port=${port} user=${username} password=${password} dbname=${pathname.slice(1)}`;
  await replica.sql(`create subscription secondary connection '${source}' publication workflow_reads`);
}

/** It is at the replica itself, whole, and read from there: an older answer than one of now. */
async function followed(replica: TestDatabase, secondary: Secondary, runId: string): Promise<void> {
  const ended = () => replica.sql(`select from workflow.workflow_runs where run_id = $1 and status = 'completed'`, [runId]);
  await waitFor(async () => (await ended()).length === 1, { ...PATIENCE, until: 'the run has ended at the replica' });
  const run = await secondary.get(`/api/workflows/${runId}`);
  expect(run).toMatchObject({ status: 200, body: { status: 'completed', as_of: run.headers.get('x-as-of') } });
  expect(run.lagMs).toBeGreaterThan(0);
  const { steps } = (await secondary.get(`/api/workflows/${runId}/steps`)).body as { steps: { status: string }[] };
  expect(steps.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed']);
}

const primaryAddress = (region: Region): Promise<string> => region.of('router')[0]!.address();

async function isWell(region: Region): Promise<void> {
  const well = async (): Promise<boolean> => (await ask(`${await primaryAddress(region)}/health`)).status === 200;
  await waitFor(well, { ...PATIENCE, until: 'the primary is well after the copy' });
}

/** A run from its start to its end, everything through the secondary. */
async function runsThroughIt(region: Region, { client, ...secondary }: Secondary): Promise<void> {
  const input = { n: 7 };
  const { run_id: runId, executed_on } = await client.start({ tenant_id: 'e2e', workflow: 'e2e-chain', input });
  expect(executed_on).toBe('local');
  const types: string[] = [];
  const events = (async () => {
    for await (const { type } of client.events(runId)) types.push(type);
  })();
  const run = await client.waitFor(runId, { timeoutMs: 60_000 });
  expect([run.status, run.output, run.region]).toEqual(['completed', outputOf({ workflow: 'e2e-chain', input }), 'local']);
  await events;
  expect([types[0], types.at(-1)]).toEqual(['run_created', 'run_completed']);
  const steps = await client.steps(runId);
  expect(steps.steps.map(({ status }) => status)).toEqual(['completed', 'completed', 'completed']);
  const asked = await ask(`${secondary.address}/api/workflows/${runId}`);
  expect(asked.body['as_of']).toBe(asked.headers.get('x-as-of'));
  say(`a run through the secondary: its replica is ${asked.lagMs} ms behind when it is read`);
  expect(await client.queues()).toMatchObject({ queues: expect.arrayContaining([expect.objectContaining({ queue: 'default' })]) });
  const apps = (await client.workers.list()).workers.map(({ app }) => app).toSorted();
  expect(apps).toEqual(['executor', 'failover-monitor', 'router', 'scheduler']); // the secondary is none
  expect(await region.db.sql(`select from workflow.workflow_runs where run_id = $1`, [runId])).toHaveLength(1);
}

/** Replay stops: reads grow old and say so, strong ones do not; the primary sees it too. */
async function isToldByItsAge(region: Region, secondary: Secondary, standby: StandbyServer): Promise<void> {
  const { run_id: runId } = await secondary.client.start({ tenant_id: 'e2e', workflow: 'e2e-held', input: { n: 1, gates: ['age'] } });
  const status = async (query = ''): Promise<unknown> => (await secondary.get(`/api/workflows/${runId}${query}`)).body['status'];
  const isThere = async (): Promise<boolean> =>
    (await secondary.get(`/api/workflows/${runId}`)).asOf > 0 && (await inReplica(secondary, runId));
  await waitFor(isThere, { ...PATIENCE, until: 'the run is at the replica' });

  await standby.pauseReplay();
  const before = await secondary.get(`/api/workflows/${runId}`);
  region.open('age');
  await waitFor(async () => (await status('?consistency=strong')) === 'completed', {
    ...PATIENCE,
    until: 'the run has ended at the primary',
  });
  expect(await status()).toBe('started');
  const old = await waitFor(
    async () => {
      const asked = await secondary.get(`/api/workflows/${runId}`);
      return asked.lagMs > LAG_MS_MAX ? asked : null;
    },
    { ...PATIENCE, until: 'the answers are old' },
  );
  expect(old).toMatchObject({ status: 200, body: { status: 'started' } });
  expect(old.asOf - before.asOf).toBeLessThan(LAG_MS_MAX); // it stands still
  const reasons = await waitFor(async () => (await secondary.reasons())[0] !== undefined && secondary.reasons(), {
    ...PATIENCE,
    until: 'its health says so',
  });
  expect(reasons).toEqual([expect.stringMatching(/^the replica is \d+ ms behind: its replay is paused$/)]);
  expect((await secondary.get('/health/ready')).status).toBe(200);

  const { checks } = (await ask(`${await primaryAddress(region)}/health`)).body as { checks: { replication: { peers: object[] } } };
  const peer = { peer: STANDBY_NAME, kind: 'physical', connected: true, state: 'streaming', lost: false };
  expect(checks.replication.peers).toEqual([expect.objectContaining({ ...peer, lag_bytes: expect.any(Number) })]);
  const scheduler = await region.of('scheduler')[0]!.address();
  const shown = async (): Promise<boolean> => {
    const metrics = await (await fetch(`${scheduler}/metrics`)).text();
    return (
      /^postgres_replication_lag_bytes\{peer="standby",app="scheduler"\} [1-9]/m.test(metrics) &&
      /^postgres_slot_retained_bytes\{slot="standby",active="true"/m.test(metrics)
    );
  };
  await waitFor(shown, { ...PATIENCE, until: 'the primary measures the lag' });

  await standby.resumeReplay();
  await waitFor(async () => (await status()) === 'completed', { ...PATIENCE, until: 'the replica has caught up' });
  await waitFor(async () => (await secondary.reasons()).length === 0, { ...PATIENCE, until: 'its health is well again' });
}

/** A miss would be looked up at the primary, and be as of now. */
async function inReplica(secondary: Secondary, runId: string): Promise<boolean> {
  const { runs } = (await secondary.get('/api/workflows?workflow=e2e-held&limit=10')).body as { runs: { run_id: string }[] };
  return runs.some(({ run_id }) => run_id === runId);
}

/** The request arrives, its answer does not: nobody knows. Sent again with its key it is the same run. */
async function repeatsWithoutHarm(region: Region, secondary: Secondary, proxy: LinkProxy): Promise<void> {
  const label = randomUUID();
  const start = { tenant_id: 'e2e', workflow: 'e2e-chain', input: { n: 3 }, labels: { label } };
  const stored = (): Promise<object[]> => region.db.sql('select run_id from workflow.workflow_runs where labels @> $1', [{ label }]);
  proxy.swallow('to-client');
  const lost = await secondary.post('/api/workflows', start);
  expect(lost).toMatchObject({ status: 503, body: { code: 'primary_unavailable', done: null } });
  expect(lost.headers.get('retry-after')).toBe('1');
  expect(await stored()).toHaveLength(1);
  proxy.cut(); // connections with half an answer in them
  proxy.heal();
  const key = String(lost.body['idempotency_key']);
  const again = await secondary.post('/api/workflows', start, { 'idempotency-key': key });
  expect(again).toMatchObject({ status: 202, body: { existing: true } });
  expect(await stored()).toEqual([{ run_id: again.body['run_id'] }]);
}

/** Router and database of the primary are killed; both come back; the secondary is not touched. */
async function outlivesThePrimary(region: Region, secondary: Secondary): Promise<void> {
  const { run_id: runId } = await secondary.client.start({ tenant_id: 'e2e', workflow: 'e2e-chain', input: { n: 5 } });
  await secondary.client.waitFor(runId, { timeoutMs: 60_000 });
  const completed = async (): Promise<boolean> => (await secondary.get('/api/workflows?limit=200')).body['runs'] !== undefined;
  const router = region.of('router')[0]!;
  const port = new URL(await router.address()).port;
  await kill(router);
  await region.server.crash();

  const refused = await secondary.post('/api/workflows', { tenant_id: 'e2e', workflow: 'e2e-chain', input: { n: 6 } });
  expect(refused).toMatchObject({ status: 503, body: { code: 'primary_unavailable', done: false } });
  expect(refused.headers.get('retry-after')).toBe('1');
  expect((await secondary.get('/api/workflows?consistency=strong')).body).toMatchObject({ code: 'primary_unavailable' });
  expect(await completed()).toBe(true);
  const read = await secondary.get(`/api/workflows/${runId}`);
  expect(read).toMatchObject({ status: 200, body: { run_id: runId } });
  await waitFor(async () => (await secondary.get(`/api/workflows/${runId}`)).lagMs > read.lagMs, { ...PATIENCE, until: 'it grows older' });
  expect((await secondary.get('/health/ready')).status).toBe(200);
  const told = async (): Promise<boolean> => (await secondary.reasons()).some((reason) => reason.startsWith('primary: '));
  await waitFor(told, { ...PATIENCE, until: 'its health says that the primary is away' });

  await region.server.restart();
  await region.add('router', { PORT: port });
  const again = await secondary.client.start({
    tenant_id: 'e2e',
    workflow: 'e2e-chain',
    input: { n: 6 },
    idempotency_key: String(refused.body['idempotency_key']),
  });
  expect(again.existing).toBe(false); // nothing was stored before
  expect((await secondary.client.waitFor(again.run_id, { timeoutMs: 60_000 })).status).toBe('completed');
  await waitFor(async () => (await secondary.reasons()).length === 0, { ...PATIENCE, until: 'all is well again' });
}
