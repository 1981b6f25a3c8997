import { randomUUID } from 'node:crypto';
import { useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import { Presence, type PresenceOptions } from '../../src/leadership/index.js';
import { type AbortOrder, Database, type TaskRef, TaskStore, type WorkerRegistration, WorkerStore } from '../../src/store/index.js';
import { RecordingLogger } from '../support/recording-logger.js';

const server = useTestDatabase();

describe('presence', () => {
  let db: Database;
  const logger = new RecordingLogger();
  const present: Presence[] = [];

  beforeEach(() => {
    db = new Database({ url: server.url(), poolSize: 2 });
    logger.lines.length = 0;
  });

  afterEach(async () => {
    await Promise.all(present.splice(0).map((presence) => presence.stop()));
    await db.close();
  });

  const registrationOf = (workerId: string): WorkerRegistration => ({
    workerId,
    app: 'executor',
    host: 'test',
    pid: 1,
    version: '0.0.0',
    address: 'http://127.0.0.1:4002',
    queues: ['default'],
    runnableSteps: [['orders', 'charge']],
    capacity: 3,
    heartbeatTimeoutMs: 60_000,
    visibilityTimeoutMs: 60_000,
  });

  async function presenceOf(options: Partial<PresenceOptions> = {}): Promise<Presence> {
    const workerId = randomUUID();
    const presence = new Presence({
      describe: () => registrationOf(workerId),
      workers: new WorkerStore(db),
      intervalMs: 20,
      logger,
      ...options,
    });
    present.push(presence);
    presence.start();
    await waitFor(() => presence.registered, { until: 'it is registered' });
    return presence;
  }

  const rowOf = async (workerId: string): Promise<Record<string, unknown>> =>
    (await server.sql<Record<string, unknown>>('select * from workflow.worker_states where worker_id = $1', [workerId]))[0]!;

  it('registers what it is, then is heard of', async () => {
    const presence = await presenceOf({ leaderToken: () => 7 });
    const { last_heartbeat_at: first } = await rowOf(presence.workerId);
    await waitFor(async () => (await rowOf(presence.workerId))['last_heartbeat_at']! > first!);
    expect(await rowOf(presence.workerId)).toMatchObject({
      app: 'executor',
      state: 'active',
      address: 'http://127.0.0.1:4002',
      runnable_steps: [['orders', 'charge']],
      capacity: 3,
      leader_token: 7,
    });
  });

  it('is deprecated first and stopped last', async () => {
    const presence = await presenceOf();
    await presence.deprecate();
    expect((await rowOf(presence.workerId))['state']).toBe('deprecated');
    await presence.stop();
    expect((await rowOf(presence.workerId))['state']).toBe('stopped');
    expect(presence.registered).toBe(false);
    expect(logger.lines.map(({ event }) => event)).toEqual(['worker_registered', 'worker_deprecated', 'worker_stopped']);
  });

  it('learns that somebody else deprecated it', async () => {
    let told = 0;
    const presence = await presenceOf({ onDeprecated: () => (told += 1) });
    await server.call('deprecate_worker', [presence.workerId]);
    await waitFor(() => told === 1);
    await presence.deprecate();
    expect(told).toBe(1);
  });

  it('registers again under its id when its row was removed', async () => {
    const registrations: [boolean, string][] = [];
    const presence = await presenceOf({ onRegistered: (again, workerId) => registrations.push([again, workerId]) });
    const { workerId } = presence;
    await server.sql('delete from workflow.workflow_workers where worker_id = $1', [workerId]);
    await waitFor(() => registrations.length === 2);
    expect(registrations).toEqual([
      [false, workerId],
      [true, workerId],
    ]);
  });

  it('registers again under a new id when it had been judged dead and its tasks were given away', async () => {
    const presence = await presenceOf();
    const { workerId } = presence;
    await server.sql('update workflow.workflow_workers set tasks_requeued_at = workflow.clock() where worker_id = $1', [workerId]);
    await waitFor(() => presence.workerId !== workerId && presence.registered);
    expect((await rowOf(presence.workerId))['state']).toBe('active');
  });

  it('reports what runs, and hands on what must end', async () => {
    const aborts: AbortOrder[] = [];
    const held: TaskRef[] = [];
    const presence = await presenceOf({ inFlight: () => held, onAborts: (orders) => aborts.push(...orders) });
    await server.make.define('orders', 'charge');
    const runId = await server.make.start('orders');
    const [task] = await new TaskStore(db).start({ workerId: presence.workerId, queues: ['default'], capacity: 1 });
    held.push(task!);
    await waitFor(async () => (await rowOf(presence.workerId))['running'] === 1);
    await server.call('cancel_runs', [[runId]]);
    await waitFor(() => aborts.length > 0);
    expect(aborts[0]).toEqual({ runId, stepSlug: 'charge', taskIndex: 0, attempt: 1, reason: 'run_cancelled' });
  });

  it('outlives the loss of every connection', async () => {
    const presence = await presenceOf();
    await server.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'singularity-workflow' and datname = current_database()`,
    );
    const { last_heartbeat_at: before } = await rowOf(presence.workerId);
    expect(await waitFor(async () => (await rowOf(presence.workerId))['last_heartbeat_at']! > before!)).toBe(true);
  });
});
