import { randomUUID } from 'node:crypto';
import { useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();
const row = async (workerId: string) => (await db.sql('select * from workflow.workflow_workers where worker_id = $1', [workerId]))[0];

describe('register_worker', () => {
  it('makes a worker known with what it can run', async () => {
    const { id } = await db.make.worker({ queues: ['default'], runnableSteps: [['w', 'a']] });
    expect(await row(id)).toMatchObject({
      app: 'executor',
      queues: ['default'],
      runnable_steps: [['w', 'a']],
      stopped_at: null,
      deprecated_at: null,
    });
  });

  it('creates the queues that the worker reads', async () => {
    await db.make.worker({ queues: ['made_by_worker'] });
    expect(await db.sql(`select queue_name from pgmq.meta where queue_name like 'made_by_worker%' order by 1`)).toEqual([
      { queue_name: 'made_by_worker_p0' },
      { queue_name: 'made_by_worker_p1' },
      { queue_name: 'made_by_worker_p2' },
    ]);
  });

  it('makes queues that no crash can make a burden: all are unlogged', async () => {
    await db.make.worker({ queues: ['unlogged_one'] });
    const tables = await db.sql<{ relpersistence: string }>(
      `select c.relpersistence from pg_class c join pg_namespace n on n.oid = c.relnamespace where n.nspname = 'pgmq' and c.relname like 'q\\_unlogged\\_one%' and c.relkind = 'r'`,
    );
    expect(tables.map(({ relpersistence }) => relpersistence)).toEqual(['u', 'u', 'u']);
  });

  it('may be repeated by the same process, and counts as a sign of life', async () => {
    const { id } = await db.make.worker({ heartbeatTimeoutMs: 6_000 });
    await db.clock.advance(60_000);
    await db.make.worker({ workerId: id, heartbeatTimeoutMs: 6_000 });
    expect(await db.sql('select state from workflow.worker_states where worker_id = $1', [id])).toEqual([{ state: 'active' }]);
  });

  it('refuses an id that was stopped', async () => {
    const { id } = await db.make.worker();
    await db.call('stop_worker', [id]);
    await expect(db.make.worker({ workerId: id })).rejects.toMatchObject({ code: 'WF301' });
  });

  it('refuses an id whose tasks were taken away', async () => {
    const { id } = await db.make.worker({ heartbeatTimeoutMs: 6_000 });
    await db.clock.advance(6_001);
    await db.call('requeue_lost_tasks', [await db.make.leaderToken(), 100]);
    await expect(db.make.worker({ workerId: id })).rejects.toMatchObject({ code: 'WF301' });
  });

  it('refuses a queue name that pgmq could not bear', async () => {
    await expect(db.make.worker({ queues: ['No-Good'] })).rejects.toMatchObject({ code: 'WF110' });
    expect(await db.sql('select * from workflow.workflow_workers')).toEqual([]);
  });

  it('makes one queue when four workers name it at the same moment', async () => {
    const sessions = await Promise.all([1, 2, 3, 4].map(() => db.session()));
    const workers = sessions.map((session) => {
      const body = {
        worker_id: randomUUID(),
        app: 'executor',
        host: 'h',
        pid: 1,
        version: '1',
        queues: ['raced'],
        heartbeat_timeout_ms: 1,
        visibility_timeout_ms: 1,
      };
      return session.call('register_worker', [JSON.stringify(body)]);
    });
    await expect(Promise.all(workers)).resolves.toHaveLength(4);
  });
});
