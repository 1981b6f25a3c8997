import { useTestDatabase } from '@singularity-workflow/testkit';

const RETENTION_MS = 3_600_000;
const db = useTestDatabase();
const prune = async (): Promise<number> => {
  const token = await db.make.leaderToken('failover-monitor');
  return (await db.call<{ prune_workers: number }>('prune_workers', [token, RETENTION_MS, 100]))[0]!.prune_workers;
};
const expire = async () => db.call('expire_workers', [await db.make.leaderToken('failover-monitor'), 100]);
const requeue = async () => db.call('requeue_lost_tasks', [await db.make.leaderToken(), 100]);
const ids = async () =>
  (await db.sql<{ worker_id: string }>('select worker_id from workflow.workflow_workers')).map(({ worker_id }) => worker_id);

describe('prune_workers', () => {
  it('removes a worker that stopped longer ago than the retention', async () => {
    const { id } = await db.make.worker();
    await db.call('stop_worker', [id]);
    await requeue();
    expect(await prune()).toBe(0);
    await db.clock.advance(RETENTION_MS + 1_000);
    expect(await prune()).toBe(1);
    expect(await ids()).toEqual([]);
  });

  it('keeps a dead executor until its tasks were taken away', async () => {
    const worker = await db.make.worker({ heartbeatTimeoutMs: 6_000 });
    await db.make.define('w', 'a');
    await db.make.start('w');
    await worker.claimOne();
    await db.clock.advance(6_001);
    await expire();
    await db.clock.advance(RETENTION_MS + 1_000);
    expect(await prune()).toBe(0);
    await requeue();
    expect(await prune()).toBe(1);
  });

  it('keeps a worker that was silent once and lives', async () => {
    const router = await db.make.worker({ heartbeatTimeoutMs: 6_000, app: 'router' });
    await db.clock.advance(6_001);
    await expire();
    await router.heartbeat();
    await db.clock.advance(RETENTION_MS + 1_000);
    await router.heartbeat();
    expect(await prune()).toBe(0);
    expect(await ids()).toEqual([router.id]);
  });
});
