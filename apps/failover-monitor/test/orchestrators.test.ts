// What the monitor does about orchestrators and leases: fences, failback, commands that come to nothing, split brains.
import { randomUUID } from 'node:crypto';
import { loadConfig } from '@singularity-workflow/core';
import { startApp } from '@singularity-workflow/core/nest';
import { useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import { MonitorModule } from '../src/monitor.module.js';

const db = useTestDatabase();
const running: { close(): Promise<void> }[] = [];
const timers: NodeJS.Timeout[] = [];
afterEach(async () => {
  for (const timer of timers.splice(0)) clearInterval(timer);
  for (const monitor of running.splice(0)) await monitor.close();
});

async function start(env: Record<string, string> = {}) {
  const config = loadConfig('failover-monitor', {
    DATABASE_URL: db.url('workflow_monitor'),
    PORT: '0',
    LOG_LEVEL: 'silent',
    LEASE_TTL_MS: '1000',
    PRIMARY_HEARTBEAT_CHECK_INTERVAL_MS: '200',
    HEARTBEAT_INTERVAL_MS: '200',
    HEARTBEAT_TIMEOUT_MS: '1000',
    PRIMARY_TIMEOUT_MS: '1500',
    TOPOLOGY: 'active-passive',
    ...env,
  });
  const { app, address } = await startApp(MonitorModule.forRoot(config), config);
  running.push({ close: () => app.close() });
  await waitFor(async () => (await fetch(`${address}/health/ready`)).ok, { until: 'the monitor is ready' });
  return { metrics: async () => (await fetch(`${address}/metrics`)).text() };
}

interface Member {
  id: string;
  lead: () => Promise<{ leads: boolean; token: number }>;
  /** Beats, or asks for the lease, until the test ends or `quiet` is called. */
  keep: (what: 'beating' | 'renewing') => () => void;
}

async function member(group: 'primary' | 'standby'): Promise<Member> {
  const id = randomUUID();
  const about = {
    worker_id: id,
    app: 'executor',
    role: group,
    orchestrator_group: group,
    host: 'test',
    pid: 1,
    version: '0',
    capacity: 10,
  };
  await db.call('register_worker', [JSON.stringify({ ...about, heartbeat_timeout_ms: 1_000, visibility_timeout_ms: 60_000 })]);
  const lead = async () => (await db.call<{ leads: boolean; token: number }>('lead_group', [id, 5_000, 3_600_000]))[0]!;
  const beat = () => db.call('heartbeat', [id, '[]']);
  const keep = (what: 'beating' | 'renewing') => {
    const timer = setInterval(() => void (what === 'beating' ? beat() : lead()).catch(() => undefined), 100);
    timers.push(timer);
    return () => clearInterval(timer);
  };
  return { id, lead, keep };
}

const events = async (kind: string): Promise<string[]> =>
  (await db.sql<{ reason: string }>('select reason from workflow.failover_events where kind = $1 order by event_id', [kind])).map(
    ({ reason }) => reason,
  );
const becomes = (kind: string, count = 1) =>
  waitFor(async () => ((await events(kind)).length >= count ? events(kind) : null), { until: `${count} ${kind} are recorded` });
const request = async (command: object) =>
  (await db.call<{ command_id: string }>('request_command', [JSON.stringify(command)]))[0]!.command_id;
const commandOf = async (id: string) => (await db.sql('select * from workflow.orchestrator_commands where command_id = $1', [id]))[0];

it('fences a leader that renews but sends no heartbeat, and records who took over and why', async () => {
  const primary = await member('primary');
  const { token } = await primary.lead();
  primary.keep('renewing');
  const { metrics } = await start();
  const [sentence] = await becomes('fenced');
  expect(sentence).toMatch(/^primary renews its lease, but has sent no heartbeat for \d+ ms \(PRIMARY_TIMEOUT_MS is 1500\)$/);
  const standby = await member('standby');
  standby.keep('beating');
  await waitFor(async () => (await standby.lead()).leads, { until: 'the standby leads' });
  const changes = await becomes('leader_changed', 3);
  expect(changes).toContainEqual(expect.stringMatching(`^orchestrator:leader: primary fell silent; standby leads with token ${token + 2}`));
  const counted = /orchestrator_failovers_total\{name="orchestrator:leader",reason="silent"[^}]*\} 1/;
  await waitFor(async () => counted.test(await metrics()), { until: 'the change is counted' });
});

it('bears a leader that beats, and one whose lease simply ends', async () => {
  const primary = await member('primary');
  await primary.lead();
  primary.keep('beating');
  await start();
  await waitFor(
    async () => (await db.sql(`select from workflow.leases where name = 'orchestrator:leader' and expires_at < workflow.clock()`)).length,
  );
  expect(await events('fenced')).toEqual([]);
});

it('gives a returned primary the lease back after a while where failback is automatic, in order', async () => {
  const standby = await member('standby');
  await waitFor(async () => (await standby.lead()).leads);
  const primary = await member('primary');
  for (const one of [standby, primary]) {
    one.keep('beating');
    one.keep('renewing');
  }
  await start({ FAILBACK: 'automatic', FAILBACK_AFTER_MS: '1000' });
  const [asked] = await becomes('command_requested');
  expect(asked).toMatch(/^promote of primary: primary is a primary and has been back for \d+ ms: standby hands over$/);
  expect(await becomes('command_done')).toEqual(['promote: primary leads with token 2']);
  await waitFor(
    async () => (await events('leader_changed')).some((reason) => reason.includes('standby was asked to hand over; primary leads')),
    {
      until: 'the change is recorded with its reason',
    },
  );
});

it('leaves a returned primary where it is otherwise', async () => {
  const standby = await member('standby');
  await waitFor(async () => (await standby.lead()).leads);
  const primary = await member('primary');
  for (const one of [standby, primary]) {
    one.keep('beating');
    one.keep('renewing');
  }
  await start({ FAILBACK_AFTER_MS: '1000' });
  await waitFor(
    async () =>
      (await db.sql(`select from workflow.worker_states where worker_id = $1 and now() - started_at > interval '3 seconds'`, [primary.id]))
        .length,
  );
  expect(await events('command_requested')).toEqual([]);
});

it('carries out a fence, and says that what nobody did in time has failed', async () => {
  const primary = await member('primary');
  const { token } = await primary.lead();
  await member('standby');
  primary.keep('beating');
  await start();
  const fence = await request({ kind: 'fence', reason: 'two believe' });
  await waitFor(async () => (await commandOf(fence))?.['state'] === 'done');
  expect(await events('fenced')).toEqual(['an operator asked for it: two believe']);
  expect((await primary.lead()).token).toBe(token + 2);
  const promote = await request({ kind: 'promote', group: 'standby' });
  await db.sql(`update workflow.orchestrator_commands set overdue_at = workflow.clock() where command_id = $1`, [promote]);
  await waitFor(async () => (await commandOf(promote))?.['state'] === 'failed');
  expect(await events('command_failed')).toEqual(['promote: standby did not take over in time']);
  expect(await primary.lead()).toMatchObject({ leads: true, token: token + 2 });
});

it('sees that a worker which was asked to stop has stopped', async () => {
  await start();
  const worker = await member('standby');
  const stop = await request({ kind: 'stop', worker_id: worker.id });
  await db.call('stop_worker', [worker.id]);
  await waitFor(async () => (await commandOf(stop))?.['state'] === 'done');
  expect(await events('command_done')).toEqual([`stop: worker ${worker.id} has stopped`]);
});

it('tells a split brain once, with both names, and shows it while it lasts', async () => {
  const { metrics } = await start();
  const [anna, zombie] = [await db.make.worker({ app: 'scheduler' }), await db.make.worker({ app: 'scheduler' })];
  const token = await db.make.leaderToken('scheduler', anna.id);
  const timer = setInterval(() => void db.call('heartbeat', [zombie.id, '[]', token - 1]).catch(() => undefined), 100);
  timers.push(timer);
  const sentence = `worker ${zombie.id} believes that it leads scheduler with token ${token - 1}; ${anna.id} holds it with token ${token}`;
  expect(await becomes('split_brain')).toEqual([sentence]);
  await waitFor(async () => /orchestrator_split_brain\{name="scheduler"[^}]*\} 1/.test(await metrics()));
  clearInterval(timer);
  await db.call('heartbeat', [zombie.id, '[]', null]);
  await waitFor(async () => /orchestrator_split_brain\{name="scheduler"[^}]*\} 0/.test(await metrics()));
  expect(await events('split_brain')).toEqual([sentence]);
});
