// At a server that is no standby; what a standby and a subscriber say is seen end to end (test-e2e, a-replica-answers-reads).
import { useTestDatabase } from '@singularity-workflow/testkit';
import { Database, ReplicaDatabase, ReplicaReader, ReplicationReader, WorkerReader, WorkerStore } from '../../src/store/index.js';

const server = useTestDatabase();
let db: Database;

beforeAll(() => {
  db = new Database({ url: server.url('workflow_router'), poolSize: 2, applicationName: 'under test' });
});
afterAll(() => db.close());

it('is of the time of the newest heartbeat', async () => {
  const reader = new ReplicaReader(db);
  expect(await reader.look()).toMatchObject({ kind: 'none', asOf: null, paused: false, copying: false, subscriptions: [], region: null });
  await server.make.worker();
  const { asOf, now, region } = await reader.look();
  expect([asOf!.getTime() <= now.getTime(), region]).toEqual([true, 'local']);
  await server.clock.advance(1_000);
  await server.make.worker();
  expect((await reader.look()).asOf!.getTime()).toBeGreaterThanOrEqual(asOf!.getTime() + 1_000);
});

it('is asked by any login of a service, and so is the primary about its peers', async () => {
  expect(await new ReplicationReader(db).peers()).toEqual(expect.any(Array));
});

it('judges workers by the time that is asked about', async () => {
  const reader = new WorkerReader(db);
  const { id } = await server.make.worker({ heartbeatTimeoutMs: 5_000 });
  const { lastHeartbeatAt } = (await reader.get(id))!;
  const later = new Date(lastHeartbeatAt.getTime() + 6_000);
  expect([(await reader.get(id))!.state, (await reader.get(id, later))!.state]).toEqual(['active', 'silent']);
  expect((await reader.list({ limit: 10, at: later, state: 'silent' })).map(({ workerId }) => workerId)).toEqual([id]);
  expect(await reader.list({ limit: 10, state: 'silent' })).toEqual([]);
});

it('refuses every call of a function before the server sees it, and reads', async () => {
  const replica = new ReplicaDatabase({ url: server.url(), poolSize: 1 }); // an administrator: nobody else would refuse it
  try {
    const { id } = await server.make.worker();
    await expect(new WorkerStore(replica).deprecate(id)).rejects.toThrow('deprecate_worker was called at a replica');
    await expect(replica.callArrays('start_tasks')).rejects.toThrow('at a replica');
    expect(await new WorkerReader(replica).get(id)).toMatchObject({ state: 'active', deprecatedAt: null });
  } finally {
    await replica.close();
  }
});
