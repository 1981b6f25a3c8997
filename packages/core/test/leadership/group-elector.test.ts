import { useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import { randomUUID } from 'node:crypto';
import { GroupElector, type GroupElectorOptions } from '../../src/leadership/index.js';
import { Database, OrchestratorStore, WorkerStore } from '../../src/store/index.js';
import { RecordingLogger } from '../support/recording-logger.js';

const server = useTestDatabase();
/** Its window outlasts a machine that stands still for some seconds: what ends a term here is what the test does. */
const TTL_MS = 6_000;

interface Member {
  elector: GroupElector;
  db: Database;
  workers: WorkerStore;
  workerId: string;
  logger: RecordingLogger;
  /** What was left of the drain at each order to hand over. */
  drains: number[];
  changes: { leads: boolean; holder: boolean }[];
}

const members: Member[] = [];
afterEach(async () => {
  for (const { elector, db } of members.splice(0)) {
    await elector.stop();
    await db.close();
  }
});

async function member(group: string, options: Partial<GroupElectorOptions> = {}, heartbeatTimeoutMs = 600_000): Promise<Member> {
  const db = new Database({ url: server.url('workflow_executor'), poolSize: 2 });
  const [workers, workerId, logger] = [new WorkerStore(db), randomUUID(), new RecordingLogger()];
  const [drains, changes]: [number[], Member['changes']] = [[], []];
  const role = group === 'primary' ? 'primary' : 'standby';
  const identity = { workerId, app: 'executor', role, orchestratorGroup: group, host: 'test', pid: process.pid, version: '0' } as const;
  await workers.register({ ...identity, heartbeatTimeoutMs, visibilityTimeoutMs: 600_000 });
  const elector = new GroupElector({
    group,
    workerId: () => workerId,
    ttlMs: TTL_MS,
    orchestrators: new OrchestratorStore(db),
    logger,
    onChange: (state) => changes.push(state),
    onHandOver: (drainMs) => drains.push(drainMs),
    ...options,
  });
  const made = { elector, db, workers, workerId, logger, drains, changes };
  members.push(made);
  return made;
}

async function leading(group: string): Promise<Member> {
  const made = await member(group);
  made.elector.start();
  await waitFor(() => made.elector.token() !== null, { until: `${group} leads` });
  return made;
}

const promote = (group: string): Promise<unknown> => server.call('request_command', [JSON.stringify({ kind: 'promote', group })]);

it('leads where nobody does, and goes on leading with the same token', async () => {
  const { elector, changes, logger } = await leading('primary');
  const [first] = await server.sql<{ expires_at: Date }>('select expires_at from workflow.leases');
  await waitFor(async () => {
    const [now] = await server.sql<{ expires_at: Date }>('select expires_at from workflow.leases');
    return now!.expires_at.getTime() > first!.expires_at.getTime() + TTL_MS;
  });
  expect(elector.token()).toBe(1);
  expect(elector.details()).toEqual({ group: 'primary', state: 'leader', leader: 'primary', token: 1, reason: null });
  expect(changes).toEqual([{ leads: true, holder: true }]);
  expect(logger.events('leadership_gained')).toHaveLength(1);
});

it('shares the token with the other workers of its group, of which one holds the lease', async () => {
  await leading('primary');
  const second = await leading('primary');
  expect([second.elector.token(), second.changes]).toEqual([1, [{ leads: true, holder: false }]]);
});

it('stands by while another group leads, and takes over when that one stops', async () => {
  const primary = await leading('primary');
  const standby = await member('standby');
  standby.elector.start();
  await waitFor(() => standby.elector.details().leader === 'primary');
  expect(standby.elector.details()).toMatchObject({ state: 'standby' });
  await primary.workers.stop(primary.workerId);
  await waitFor(() => standby.elector.token() === 2);
  await waitFor(() => primary.elector.token() === null);
});

it('hands over when it is asked: no token from then on, and the order until it is over', async () => {
  const primary = await leading('primary');
  const standby = await member('standby');
  standby.elector.start();
  await promote('standby');
  await waitFor(() => primary.elector.token() === null, { until: 'the primary leads no more' });
  await waitFor(() => standby.elector.token() === 2, { until: 'the standby leads' });
  expect(primary.logger.lines.map(({ event }) => event)).toEqual(['leadership_gained', 'hand_over_asked']);
});

it('stops believing before its lease ends when no answer comes, and takes the lease back when answers come again', async () => {
  const primary = await leading('primary');
  const standby = await member('standby');
  standby.elector.start();
  const asks = (role: string) =>
    server.sql(`${role} execute on function workflow.lead_group(uuid, int, int) ${role === 'grant' ? 'to' : 'from'} workflow_executor`);
  await asks('revoke');
  // The lease is looked at first: whoever believed longer than it lasts is found with a token after it.
  const first = await waitFor(
    async () => {
      const [lease] = await server.sql<{ over: boolean }>('select expires_at <= workflow.clock() as over from workflow.leases');
      const token = primary.elector.token();
      return token === null || lease!.over ? { token } : null;
    },
    { until: 'its trust window or the lease is over' },
  );
  expect(first).toEqual({ token: null });
  expect(primary.elector.healthy).toBe(false);
  await waitFor(async () => (await server.sql(`select from workflow.leases where expires_at > workflow.clock()`)).length === 0);
  await asks('grant');
  await waitFor(() => primary.elector.token() === 2, { until: 'the primary leads again' });
  expect(standby.elector.token()).toBeNull();
});

it('has no token once its worker was judged dead', async () => {
  const primary = await leading('primary');
  await server.sql('update workflow.workflow_workers set tasks_requeued_at = workflow.clock() where worker_id = $1', [primary.workerId]);
  await waitFor(() => primary.elector.token() === null);
  expect(primary.logger.events('leadership_lost')).toMatchObject([{ reason: 'its worker was judged dead' }]);
});

it('asks at once when a claim with its token was refused', async () => {
  const primary = await leading('primary');
  await server.call('fence_lease', ['orchestrator:leader']);
  primary.elector.lost(1);
  expect(primary.elector.token()).not.toBe(1);
  await waitFor(() => primary.elector.token() === 3);
});

it('goes on with the same token when the worker that renews is gone: another of the group renews', async () => {
  const first = await leading('primary');
  const second = await leading('primary');
  await first.elector.stop(); // as if it had been killed: its worker is not stopped
  const [before] = await server.sql<{ expires_at: Date }>('select expires_at from workflow.leases');
  await waitFor(async () => {
    const [now] = await server.sql<{ expires_at: Date }>('select expires_at from workflow.leases');
    return now!.expires_at.getTime() > before!.expires_at.getTime() + TTL_MS;
  });
  expect([second.elector.token(), second.changes.at(-1)]).toEqual([1, { leads: true, holder: true }]);
});
