// Active-passive in two executors of one process: who claims, who stands by, how one hands over.
import { loadConfig } from '@singularity-workflow/core';
import { startApp } from '@singularity-workflow/core/nest';
import { useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import { fileURLToPath } from 'node:url';
import { ExecutorModule } from '../src/executor.module.js';

const db = useTestDatabase();
const modules = ['good', 'slow'].map((name) => fileURLToPath(new URL(`./modules/${name}.ts`, import.meta.url))).join(',');

interface Leadership {
  role: string;
  group: string;
  state: string;
  leader: string | null;
  token: number | null;
}

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const executor of running.splice(0)) await executor.close();
});

async function start(role: 'primary' | 'standby', env: Record<string, string> = {}) {
  const config = loadConfig('executor', {
    DATABASE_URL: db.url('workflow_executor'),
    PORT: '0',
    LOG_LEVEL: 'silent',
    WORKFLOW_MODULES: modules,
    TOPOLOGY: 'active-passive',
    ORCHESTRATOR_ROLE: role,
    LEADERSHIP_TTL_MS: '1500',
    DRAIN_TIMEOUT_MS: '5000', // a test that fails half way must not leave a handler to wait for
    ...env,
  });
  const { app, address } = await startApp(ExecutorModule.forRoot(config), config);
  const get = (path: string) => fetch(`${address}${path}`);
  const leadership = async () => ((await (await get('/health')).json()) as { details: { leadership: Leadership } }).details.leadership;
  const metric = async () => /orchestrator_leader\{name="orchestrator:leader"[^}]*\} (\d)/.exec(await (await get('/metrics')).text())?.[1];
  const executor = { app, workerId: config.workerId, get, leadership, metric, close: () => app.close() };
  running.push(executor);
  await waitFor(async () => (await get('/health/ready')).ok, { until: 'the executor is ready' });
  return executor;
}

type Executor = Awaited<ReturnType<typeof start>>;
const leads = (executor: Executor) => waitFor(async () => (await executor.leadership()).state === 'leader', { until: 'it leads' });
const ask = async (command: object) => (await db.call<{ command_id: string }>('request_command', [JSON.stringify(command)]))[0]!.command_id;
const doneAfter = async (commandId: string, askedAtMs: number): Promise<number> => {
  await waitFor(
    async () => (await db.sql(`select from workflow.orchestrator_commands where command_id = $1 and state = 'done'`, [commandId])).length,
  );
  return performance.now() - askedAtMs;
};
const leaseNow = async () => (await db.sql('select holder_group, token from workflow.leases'))[0];
const claimers = async (): Promise<string[]> =>
  (await db.sql<{ worker_id: string }>(`select distinct worker_id from workflow.step_tasks where worker_id is not null`)).map(
    ({ worker_id }) => worker_id,
  );

it('claims as the group that leads, and stands by, ready, as another', async () => {
  const primary = await start('primary');
  await leads(primary);
  const standby = await start('standby');
  for (let run = 0; run < 5; run += 1) await db.make.start('double', run);
  await waitFor(async () => (await db.sql(`select from workflow.workflow_runs where finished_at is null`)).length === 0);
  expect(await claimers()).toEqual([primary.workerId]);
  expect(await standby.leadership()).toMatchObject({ role: 'standby', group: 'standby', state: 'standby', leader: 'primary' });
  expect([await primary.metric(), await standby.metric()]).toEqual(['1', '0']);
  expect((await standby.get('/health')).status).toBe(200);
  const [row] = await db.sql(`select role, orchestrator_group, leader_token from workflow.workflow_workers where worker_id = $1`, [
    primary.workerId,
  ]);
  expect(row).toMatchObject({ role: 'primary', orchestrator_group: 'primary' });
});

it('hands over when it is asked, with what it runs given back, and goes on as a standby', async () => {
  const [primary, standby] = [await start('primary'), await start('standby')];
  await leads(primary);
  const [long, short] = [await db.make.start('slow', { ms: 600_000 }), await db.make.start('slow', { ms: 800 })];
  const isClaimed = async (runId: string) => (await db.make.task(runId, 'wait')).worker_id === primary.workerId;
  await waitFor(async () => (await isClaimed(long)) && isClaimed(short), { until: 'the primary has both' });
  const askedAtMs = performance.now();
  const tookMs = await doneAfter(await ask({ kind: 'promote', drain_ms: 2_000 }), askedAtMs);
  process.stdout.write(`promote with a handler that does not end, drain_ms 2000: done after ${Math.round(tookMs)} ms\n`);
  await leads(standby);
  await waitFor(async () => (await db.make.task(long, 'wait')).worker_id === standby.workerId, { until: 'the standby runs it' });
  expect(await db.make.task(long, 'wait')).toMatchObject({ failures: 0, attempt: 2 });
  expect(await db.make.task(short, 'wait')).toMatchObject({ status: 'completed', worker_id: primary.workerId, attempt: 1 });
  await waitFor(async () => (await primary.leadership()).leader === 'standby', { until: 'the primary has heard who leads' });
  expect(await primary.leadership()).toMatchObject({ state: 'standby' });
  expect((await primary.get('/health/ready')).status).toBe(200);
  await db.call('cancel_runs', [[long], null]);
});

it('gives the lease up when it stops: the standby need not wait for its end', async () => {
  const [primary, standby] = [await start('primary', { LEADERSHIP_TTL_MS: '600000' }), await start('standby')];
  await leads(primary);
  const stoppedAtMs = performance.now();
  await primary.close();
  await leads(standby);
  expect(await leaseNow()).toMatchObject({ holder_group: 'standby', token: 2 });
  process.stdout.write(`SIGTERM of the leader: the standby leads after ${Math.round(performance.now() - stoppedAtMs)} ms\n`);
});
