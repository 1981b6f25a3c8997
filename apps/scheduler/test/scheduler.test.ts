import { loadConfig } from '@singularity-workflow/core';
import { startApp } from '@singularity-workflow/core/nest';
import { useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import { SchedulerModule } from '../src/scheduler.module.js';

const db = useTestDatabase();

interface Scheduler {
  workerId: string;
  get(path: string): Promise<Response>;
  health(): Promise<{ details: { scheduler: { state: string } } }>;
  close(): Promise<void>;
}

const running: Scheduler[] = [];
afterEach(async () => {
  for (const scheduler of running.splice(0)) await scheduler.close();
});

async function start(more: Record<string, string> = {}): Promise<Scheduler> {
  const base = {
    DATABASE_URL: db.url('workflow_scheduler'),
    PORT: '0',
    LOG_LEVEL: 'silent',
    SCHEDULER_TICK_MS: '50',
    LEASE_TTL_MS: '1000',
  };
  const env = { ...base, ...more };
  const config = loadConfig('scheduler', env);
  const { app, address } = await startApp(SchedulerModule.forRoot(config), config);
  const get = (path: string): Promise<Response> => fetch(`${address}${path}`);
  const health = async () => (await get('/health')).json() as ReturnType<Scheduler['health']>;
  const scheduler = { workerId: config.workerId, get, health, close: () => app.close() };
  running.push(scheduler);
  await waitFor(async () => (await get('/health/ready')).ok, { until: 'the scheduler is ready' });
  return scheduler;
}

const holder = async (): Promise<string | undefined> =>
  (await db.sql<{ holder: string }>(`select holder from workflow.leases where name = 'scheduler' and expires_at > workflow.clock()`))[0]
    ?.holder;

it('boots, leads, and leaves the lease to others when it stops', async () => {
  const scheduler = await start();
  await waitFor(async () => (await holder()) === scheduler.workerId, { until: 'it leads' });
  expect(await scheduler.health()).toMatchObject({ status: 'ok', details: { scheduler: { state: 'leader' } } });
  await scheduler.close();
  expect(await holder()).toBeUndefined();
  expect(await db.sql(`select app from workflow.workflow_workers where stopped_at is not null`)).toEqual([{ app: 'scheduler' }]);
});

it('is ready as a standby, and leads once the leader is gone', async () => {
  const leader = await start();
  await waitFor(async () => (await leader.health()).details.scheduler.state === 'leader', { until: 'the first leads' });
  const standby = await start();
  expect(await standby.health()).toMatchObject({ details: { scheduler: { state: 'standby', holder: leader.workerId } } });
  await leader.close();
  await waitFor(async () => (await holder()) === standby.workerId, { until: 'the second leads' });
});

it('starts a run whose time has come', async () => {
  await start();
  await db.make.define('later', 'a');
  const runId = await db.make.start('later', {}, { run_at: new Date(Date.now() + 3_600_000).toISOString() });
  expect((await db.make.run(runId)).status).toBe('scheduled');
  await db.clock.advance(3_600_001);
  await waitFor(async () => (await db.make.run(runId)).status === 'started', { until: 'the run has started' });
});

it("gives a dead worker's task to others, and fails a run past its deadline", async () => {
  const scheduler = await start();
  await db.make.define('w', 'a');
  const lost = await db.make.start('w');
  const worker = await db.make.worker({ heartbeatTimeoutMs: 5_000 });
  await worker.claimOne();
  const overdue = await db.make.start('w', {}, { deadline: new Date(Date.now() + 60_000).toISOString() });
  await db.clock.advance(60_001);
  await waitFor(async () => (await db.make.task(lost, 'a')).status === 'queued', { until: 'the task is queued again' });
  await waitFor(async () => (await db.make.run(overdue)).status === 'failed', { until: 'the overdue run has failed' });
  expect((await db.make.run(lost)).status).toBe('started');
  const counted = async () =>
    /workflow_runs_finished_total\{outcome="failed"[^}]*\} 1/.test(await (await scheduler.get('/metrics')).text());
  await waitFor(counted, { until: 'it has counted the run that it ended' });
});

it('restores the messages of a queue that a crash has emptied', async () => {
  await start();
  await db.make.define('w', 'a');
  const runId = await db.make.start('w');
  await db.sql('truncate pgmq.q_default_p1, workflow.queue_marker');
  const [message] = await waitFor(async () => {
    const messages = await db.make.messages('default', runId);
    return messages.length > 0 ? messages : null;
  });
  expect(message).toBeDefined();
});

it('lets messages of quorum runs go when they are confirmed, woken by whoever held them, and shows how many wait', async () => {
  const scheduler = await start({ SCHEDULER_TICK_MS: '60000' });
  await db.make.define('w', 'a');
  const runId = await db.make.start('w');
  await waitFor(async () => (await scheduler.health()).details.scheduler.state === 'leader', { until: 'it leads' });
  // As start_runs leaves it in a mesh; this database belongs to none, so that what it has flushed is all that there is to wait for.
  await db.sql('delete from pgmq.q_default_p1');
  const [held] = await db.sql<{ woken: string[] }>(
    `select workflow.hold_messages(workflow.messages_of_queued_tasks(array[$1::uuid])) as woken`,
    [runId],
  );
  await db.sql(`select pg_notify('workflow_work', queue) from unnest($1::text[]) queue`, [held!.woken]);
  await waitFor(async () => (await db.make.messages('default', runId)).length === 1, { until: 'the message is in its queue' });
  expect(await db.sql('select from workflow.held_messages')).toEqual([]);
  expect(await (await scheduler.get('/metrics')).text()).toMatch(/workflow_held_messages\{[^}]*\} \d/);
});

it('shows open runs and the depth of queues while it leads', async () => {
  const scheduler = await start();
  const shown = async () => (await scheduler.get('/metrics')).text();
  await waitFor(async () => /orchestrator_leader\{[^}]*name="scheduler"[^}]*\} 1/.test(await shown()), { until: 'it shows that it leads' });
  await waitFor(async () => /pgmq_queue_depth\{.*queue="default_normal".*\} 0/.test(await shown()), { until: 'it shows its queues' });
  expect(await shown()).toMatch(/workflow_runs_open\{status="started"[^}]*\} 0/);
});

it('measures who copies from the database, and what is kept for whom', async () => {
  const slot = `test_${Date.now().toString(36)}`;
  await db.sql('select pg_create_physical_replication_slot($1, true)', [slot]);
  try {
    const scheduler = await start();
    const shown = async (): Promise<boolean> => {
      const metrics = await (await scheduler.get('/metrics')).text();
      return ['postgres_replication_lag_bytes{peer', 'postgres_slot_retained_bytes{slot', 'postgres_slot_lost{slot'].every((name) =>
        metrics.includes(`${name}="${slot}"`),
      );
    };
    await waitFor(shown, { until: 'the slot is measured' });
    expect(await (await scheduler.get('/metrics')).text()).toContain(`postgres_slot_retained_bytes{slot="${slot}",active="false"`);
    expect(await scheduler.health()).toMatchObject({
      checks: { replication: { status: 'up', peers: expect.arrayContaining([expect.objectContaining({ peer: slot, connected: false })]) } },
    });
  } finally {
    await db.sql('select pg_drop_replication_slot($1)', [slot]);
  }
});
