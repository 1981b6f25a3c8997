import { randomUUID } from 'node:crypto';
import { useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import {
  Database,
  DefinitionReader,
  EntitySource,
  EventStore,
  LeaseReader,
  LeaseStore,
  LimitStore,
  QueueReader,
  WorkerReader,
  WorkerStore,
} from '../../src/store/index.js';

const server = useTestDatabase();

describe('readers', () => {
  let db: Database;
  let source: EntitySource;

  beforeAll(() => {
    db = new Database({ url: server.url('workflow_monitor'), poolSize: 2, applicationName: 'under test' });
    source = new EntitySource(db);
  });

  afterAll(() => db.close());

  it('of definitions list slugs, versions and documents', async () => {
    const reader = new DefinitionReader(source);
    await server.make.define('orders', 'a');
    await server.make.define('orders', 'a', 'b');
    await server.make.define('bills', 'x');
    await server.call('activate_definition', ['orders', 1]);
    expect(await reader.list({ limit: 10 })).toMatchObject([
      { slug: 'bills', activeVersion: 1, latestVersion: 1, versions: 1 },
      { slug: 'orders', activeVersion: 1, latestVersion: 2, versions: 2 },
    ]);
    expect((await reader.list({ after: 'bills', limit: 10 })).map(({ slug }) => slug)).toEqual(['orders']);
    expect((await reader.versions({ slug: 'orders', limit: 10 })).map(({ version, active }) => [version, active])).toEqual([
      [2, false],
      [1, true],
    ]);
    expect((await reader.versions({ slug: 'orders', before: 2, limit: 10 })).map(({ version }) => version)).toEqual([1]);
    expect(await reader.get({ slug: 'orders' })).toMatchObject({
      version: 1,
      active: true,
      definition: { slug: 'orders', steps: [{ slug: 'a' }] },
    });
    expect((await reader.get({ slug: 'orders', version: 2 }))!.definition.steps).toHaveLength(2);
    expect([await reader.get({ slug: 'none' }), await reader.get({ slug: 'orders', version: 9 })]).toEqual([null, null]);
  });

  it('of workers page newest first, and count by app and state', async () => {
    const reader = new WorkerReader(db);
    const workers = new WorkerStore(db);
    const ids = [];
    for (const app of ['executor', 'executor', 'router'] as const) ids.push((await server.make.worker({ app })).id);
    await workers.deprecate(ids[0]!);
    const first = await reader.list({ limit: 2 });
    const second = await reader.list({ limit: 2, after: first.at(-1)!.key });
    expect([...first, ...second].map(({ workerId }) => workerId)).toEqual(ids.toReversed());
    expect((await reader.list({ limit: 9, app: 'executor', state: 'active' })).map(({ workerId }) => workerId)).toEqual([ids[1]]);
    expect((await reader.countByState()).toSorted((a, b) => (a.app + a.state < b.app + b.state ? -1 : 1))).toEqual([
      { app: 'executor', state: 'active', workers: 1 },
      { app: 'executor', state: 'deprecated', workers: 1 },
      { app: 'router', state: 'active', workers: 1 },
    ]);
    expect(await reader.get(ids[2]!)).toMatchObject({ app: 'router', queues: ['default'], startedAt: expect.any(Date) });
    expect(await reader.get(randomUUID())).toBeNull();
    await expect(reader.list({ limit: 1, after: 'nonsense' })).rejects.toMatchObject({ code: 'invalid_request' });
  });

  it('of queues tell depth, age and what nobody can run', async () => {
    const reader = new QueueReader(db);
    await server.make.define('orders', 'charge');
    await server.make.start('orders', {}, { priority: 'high' });
    const high = (await reader.depths()).find(({ queue, priority }) => queue === 'default' && priority === 'high');
    expect(high).toMatchObject({ depth: 1, visible: 1, inFlight: 0 });
    expect(await reader.stuckSteps()).toEqual([{ workflow: 'orders', stepSlug: 'charge', queue: 'default', tasks: 1 }]);
    await server.make.worker({ runnableSteps: [['orders', 'charge']] });
    expect(await reader.stuckSteps()).toEqual([]);
  });

  it('of leases tell who holds them, who believes in an old token, and what changed', async () => {
    const reader = new LeaseReader(source);
    const [leases, events] = [new LeaseStore(db), new EventStore(db)];
    const holder = await server.make.worker({ app: 'scheduler' });
    await leases.acquire({ name: 'scheduler', holder: holder.id, ttlMs: 60_000 });
    await holder.heartbeat([], { leaderToken: 1 });
    expect(await reader.list()).toMatchObject([{ name: 'scheduler', holder: holder.id, token: 1, expired: false, holderState: 'active' }]);
    expect(await reader.splitBrains()).toEqual([]);
    await leases.fence('scheduler');
    await server.clock.advance(2_000);
    await holder.heartbeat([], { leaderToken: 1 });
    expect(await reader.splitBrains()).toEqual([{ lease: 'scheduler', token: 2, workerId: holder.id, believed: 1 }]);
    expect(await reader.lastLeaderChanges()).toEqual([{ lease: 'scheduler', successor: null }]);
    await events.recordFailover({ kind: 'leader_changed', subject: 'scheduler', successor: holder.id, reason: 'a test' });
    const last = await events.recordFailover({ kind: 'worker_expired', subject: holder.id, reason: 'another', withoutMs: 5 });
    expect(await reader.lastLeaderChanges()).toEqual([{ lease: 'scheduler', successor: holder.id }]);
    expect((await reader.changes({ limit: 1 })).map(({ eventId, kind, withoutMs }) => [eventId, kind, withoutMs])).toEqual([
      [last, 'worker_expired', 5],
    ]);
    expect((await reader.changes({ before: last, limit: 5 })).map(({ kind }) => kind)).toEqual(['leader_changed']);
  });

  it('of limits list them; only the owner changes one', async () => {
    expect(await new LimitStore(db).list()).toContainEqual(expect.objectContaining({ name: 'batch_max', value: 1_000, unit: 'elements' }));
    await expect(new LimitStore(db).set({ name: 'batch_max', value: 5 })).rejects.toMatchObject({ code: '42501' });
    const owner = new Database({ url: server.url(), poolSize: 1 });
    await new LimitStore(owner).set({ name: 'batch_max', value: 5 });
    await expect(new LimitStore(owner).set({ name: 'none', value: 5 })).rejects.toMatchObject({ code: 'unknown_limit' });
    await owner.close();
    expect(await new LimitStore(db).list()).toContainEqual(expect.objectContaining({ name: 'batch_max', value: 5 }));
  });

  it('say database_unavailable while it is away, through TypeORM too, and read again when it is back', async () => {
    const away = new Database({ url: 'postgres://a:b@127.0.0.1:1/x', poolSize: 1 });
    await expect(new DefinitionReader(new EntitySource(away)).get({ slug: 'x' })).rejects.toMatchObject({ code: 'database_unavailable' });
    await away.close();
    const reader = new DefinitionReader(source);
    await reader.get({ slug: 'x' });
    const slow = source.read('slow', (manager) => manager.query('select pg_sleep(60)'));
    const failure = slow.then(
      () => null,
      (error: unknown) => error,
    );
    await waitFor(async () => {
      const rows = await server.sql(
        `select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'under test' and wait_event = 'PgSleep'`,
      );
      return rows.length > 0;
    });
    expect(await failure).toMatchObject({ code: 'database_unavailable' });
    expect(await reader.get({ slug: 'x' })).toBeNull();
  });
});
