import { loadConfig } from '@singularity-workflow/core';
import { Lifecycle, ownVersion, startApp } from '@singularity-workflow/core/nest';
import { useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import { fileURLToPath } from 'node:url';
import { ExecutorModule } from '../src/executor.module.js';

const db = useTestDatabase();
const modules = fileURLToPath(new URL('./modules/good.ts', import.meta.url));
const slowModules = fileURLToPath(new URL('./modules/slow.ts', import.meta.url));

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const executor of running.splice(0)) await executor.close();
});

async function start(env: Record<string, string> = {}) {
  const config = loadConfig('executor', {
    DATABASE_URL: db.url('workflow_executor'),
    PORT: '0',
    LOG_LEVEL: 'silent',
    WORKFLOW_MODULES: modules,
    ...env,
  });
  const { app, address } = await startApp(ExecutorModule.forRoot(config), config);
  const executor = { app, address, workerId: config.workerId, get: (path: string) => fetch(`${address}${path}`), close: () => app.close() };
  running.push(executor);
  return executor;
}

it('boots, registers its workflows and itself, runs what is started, and stops', async () => {
  const executor = await start();
  await waitFor(async () => (await executor.get('/health/ready')).ok, { until: 'the executor is ready' });
  const [worker] = await db.sql('select * from workflow.workflow_workers where worker_id = $1', [executor.workerId]);
  expect(worker).toMatchObject({ app: 'executor', address: executor.address, queues: ['default'], capacity: 50, version: ownVersion() });

  const runId = await db.make.start('double', 21);
  await waitFor(async () => (await db.make.run(runId)).status === 'completed', { until: 'the run has completed' });
  expect((await db.make.run(runId)).output).toEqual({ twice: 42 });

  const counted = async () => {
    const text = await (await executor.get('/metrics')).text();
    return /workflow_runs_finished_total\{outcome="completed"[^}]*\} 1/.test(text) ? text : null;
  };
  const metrics = await waitFor(counted, { until: 'the end of the run is counted' });
  expect(metrics).toMatch(/workflow_tasks_total\{[^}]*outcome="completed"[^}]*\} 1/);
  expect(metrics).toMatch(new RegExp(`workflow_executions_total\\{[^}]*orchestrator_id="${executor.workerId}"[^}]*\\} 1`));
  expect(metrics).toMatch(/workflow_task_seconds_count\{[^}]*\} 1/);
  expect(metrics).toMatch(/workflow_task_wait_seconds_count\{[^}]*\} 1/);
  expect(await (await executor.get('/health')).json()).toMatchObject({
    status: 'ok',
    details: { executor: { state: 'running', healthy: true } },
  });

  await executor.close();
  const [stopped] = await db.sql<{ stopped_at: Date | null }>('select stopped_at from workflow.workflow_workers where worker_id = $1', [
    executor.workerId,
  ]);
  expect(stopped?.stopped_at).not.toBeNull();
});

const started = (runId: string) =>
  waitFor(async () => (await db.make.task(runId, 'wait')).status === 'started', { until: `the task of run ${runId} runs` });

it('lets what runs finish when it stops', async () => {
  const executor = await start({ WORKFLOW_MODULES: slowModules });
  await waitFor(async () => (await executor.get('/health/ready')).ok, { until: 'the executor is ready' });
  const runId = await db.make.start('slow', { ms: 500 });
  await started(runId);
  await executor.close();
  expect(await db.make.run(runId)).toMatchObject({ status: 'completed', output: { wait: 'done' } });
});

it('gives back at once what runs when it is hastened, without a failure', async () => {
  const executor = await start({ WORKFLOW_MODULES: slowModules });
  await waitFor(async () => (await executor.get('/health/ready')).ok, { until: 'the executor is ready' });
  const runId = await db.make.start('slow', { ms: 600_000 });
  await started(runId);
  const closed = executor.close();
  executor.app.get(Lifecycle).hasten();
  await closed;
  expect(await db.make.task(runId, 'wait')).toMatchObject({ status: 'queued', failures: 0 });
});

it('does not start with a module that it cannot load, and names it', async () => {
  await expect(start({ WORKFLOW_MODULES: '/nowhere/workflows.js' })).rejects.toThrow(
    /WORKFLOW_MODULES is '\/nowhere\/workflows.js'; .*cannot be loaded/,
  );
});
