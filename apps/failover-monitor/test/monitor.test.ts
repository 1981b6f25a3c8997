import { loadConfig } from '@singularity-workflow/core';
import { startApp } from '@singularity-workflow/core/nest';
import { useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import { MonitorModule } from '../src/monitor.module.js';

const db = useTestDatabase();

interface Monitor {
  workerId: string;
  get(path: string): Promise<Response>;
  health(): Promise<{ status: string; details: { 'failover-monitor': { state: string } } }>;
  close(): Promise<void>;
}

interface FailoverEvent {
  kind: string;
  subject: string;
  former: string | null;
  successor: string | null;
  reason: string;
  without_ms: number | null;
}

const running: Monitor[] = [];
afterEach(async () => {
  for (const monitor of running.splice(0)) await monitor.close();
});

async function start(env: Record<string, string> = {}): Promise<Monitor> {
  const config = loadConfig('failover-monitor', {
    DATABASE_URL: db.url('workflow_monitor'),
    PORT: '0',
    LOG_LEVEL: 'silent',
    LEASE_TTL_MS: '1000',
    ...env,
  });
  const { app, address } = await startApp(MonitorModule.forRoot(config), config);
  const get = (path: string): Promise<Response> => fetch(`${address}${path}`);
  const health = async () => (await get('/health')).json() as ReturnType<Monitor['health']>;
  const monitor = { workerId: config.workerId, get, health, close: () => app.close() };
  running.push(monitor);
  await waitFor(async () => (await get('/health/ready')).ok, { until: 'the monitor is ready' });
  return monitor;
}

const events = (kind: string, subject: string): Promise<FailoverEvent[]> =>
  db.sql<FailoverEvent>('select * from workflow.failover_events where kind = $1 and subject = $2 order by event_id', [kind, subject]);

const becomes = (count: number, kind: string, subject: string): Promise<FailoverEvent[]> =>
  waitFor(
    async () => {
      const found = await events(kind, subject);
      return found.length >= count ? found : null;
    },
    { until: `${count} ${kind} of ${subject} are recorded` },
  );

it('boots, leads, records that it does, and leaves the lease to others when it stops', async () => {
  const monitor = await start();
  const [first] = await becomes(1, 'leader_changed', 'failover-monitor');
  expect(first).toMatchObject({ former: null, successor: monitor.workerId, reason: expect.stringContaining('nobody led before') });
  expect(await monitor.health()).toMatchObject({ status: 'ok', details: { 'failover-monitor': { state: 'leader' } } });
  await monitor.close();
  expect(await db.sql(`select 1 from workflow.leases where expires_at > workflow.clock()`)).toEqual([]);
});

it('records the death of a worker once, with its sentence', async () => {
  await start();
  const worker = await db.make.worker({ heartbeatTimeoutMs: 5_000 });
  await db.clock.advance(5_001);
  await becomes(1, 'worker_expired', worker.id);
  const other = await db.make.worker({ heartbeatTimeoutMs: 5_000 });
  await db.clock.advance(5_001);
  await becomes(1, 'worker_expired', other.id);
  const recorded = await events('worker_expired', worker.id);
  expect(recorded).toHaveLength(1);
  expect(recorded[0]?.reason).toMatch(new RegExp(`^executor ${worker.id} on testkit is silent since \\d{4}-`));
});

it('records who took over from a leader that stopped, and how long nobody led', async () => {
  const monitor = await start();
  const [former, successor] = [await db.make.worker({ app: 'scheduler' }), await db.make.worker({ app: 'scheduler' })];
  const token = await db.make.leaderToken('scheduler', former.id);
  await becomes(1, 'leader_changed', 'scheduler');
  await db.call('release_lease', ['scheduler', former.id, token]);
  await db.call('stop_worker', [former.id]);
  await db.make.leaderToken('scheduler', successor.id);
  const [, change] = await becomes(2, 'leader_changed', 'scheduler');
  expect(change).toMatchObject({ former: former.id, successor: successor.id, reason: expect.stringContaining(`${former.id} stopped`) });
  const metrics = await (await monitor.get('/metrics')).text();
  expect(metrics).toMatch(/orchestrator_failovers_total\{[^}]*name="scheduler",reason="left"[^}]*\} 1/);
});

it('stands by while another leads, and records its own takeover with the gap', async () => {
  const leader = await start();
  await becomes(1, 'leader_changed', 'failover-monitor');
  const standby = await start();
  expect(await standby.health()).toMatchObject({ details: { 'failover-monitor': { state: 'standby' } } });
  await leader.close();
  const [, change] = await becomes(2, 'leader_changed', 'failover-monitor');
  expect(change).toMatchObject({ former: leader.workerId, successor: standby.workerId });
  expect(change?.without_ms).not.toBeNull();
});

it('shows the workers by app and state, and removes those that are long gone', async () => {
  const monitor = await start({ WORKER_RETENTION_MS: '1000' });
  const worker = await db.make.worker();
  const shown = async () => (await monitor.get('/metrics')).text();
  await waitFor(async () => /workflow_workers\{[^}]*app="executor",state="active"[^}]*\} 1/.test(await shown()), {
    until: 'it shows the worker',
  });
  await db.call('stop_worker', [worker.id]);
  await waitFor(async () => /workflow_workers\{[^}]*app="executor",state="stopped"[^}]*\} 1/.test(await shown()), {
    until: 'it shows it as stopped',
  });
  await db.sql('update workflow.workflow_workers set tasks_requeued_at = workflow.clock() where worker_id = $1', [worker.id]); // as the scheduler does
  await waitFor(async () => !/app="executor"/.test(await shown()), { until: 'it shows it no more' });
  expect(await db.sql('select 1 from workflow.workflow_workers where worker_id = $1', [worker.id])).toEqual([]);
});
