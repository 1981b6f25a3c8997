import { migrate } from '../../src/migrate/index.js';
import { PgmqGateway } from '../../src/queue/index.js';
import { Database } from '../../src/store/index.js';
import { createEmptyDatabase, type EmptyDatabase } from '../support/empty-database.js';

describe.each(['extension', 'schema'] as const)('the pgmq gateway, pgmq installed as %s', (pgmq) => {
  let empty: EmptyDatabase;
  let db: Database;
  let gateway: PgmqGateway;

  beforeAll(async () => {
    empty = await createEmptyDatabase();
    await migrate({ adminUrl: empty.url, pgmq });
    db = new Database({ url: empty.url, poolSize: 4 });
    gateway = new PgmqGateway(db);
  });

  afterAll(async () => {
    await db.close();
    await empty.drop();
  });

  const probes = (): Promise<unknown[]> => empty.sql('select 1 from pgmq.q_health_probe');

  it('proves by a message that queues work, and leaves none behind', async () => {
    expect(await gateway.probe()).toBeGreaterThanOrEqual(0);
    expect(await probes()).toEqual([]);
  });

  it('probes from several processes at once', async () => {
    await Promise.all(Array.from({ length: 8 }, () => gateway.probe()));
    expect(await probes()).toEqual([]);
  });

  it('clears away what an interrupted probe left', async () => {
    await empty.sql(`select pgmq.send('health_probe', '{"probe": "lost"}'); update pgmq.q_health_probe set read_ct = 1`);
    await gateway.probe();
    expect(await probes()).toEqual([]);
  });

  it('makes a queue once', async () => {
    await gateway.ensureQueue('made_here');
    await gateway.ensureQueue('made_here');
    const metrics = await gateway.metrics();
    expect(metrics.find(({ queue }) => queue === 'made_here')).toEqual({
      queue: 'made_here',
      messages: 0,
      oldestSeconds: null,
      sentTotal: 0,
    });
  });

  it('gives its connections back when a statement fails', async () => {
    const failures = await Promise.allSettled(Array.from({ length: 10 }, () => gateway.ensureQueue('x'.repeat(100))));
    expect(failures.every(({ status }) => status === 'rejected')).toBe(true);
    await gateway.probe();
  });
});
