import { useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();
const expire = async () => db.call<{ worker_id: string }>('expire_workers', [await db.make.leaderToken('failover-monitor'), 100]);

describe('expire_workers', () => {
  it('records a silent worker once', async () => {
    const { id } = await db.make.worker({ heartbeatTimeoutMs: 6_000 });
    await db.make.worker({ heartbeatTimeoutMs: 600_000 });
    await db.clock.advance(6_001);
    expect((await expire()).map(({ worker_id }) => worker_id)).toEqual([id]);
    expect(await expire()).toEqual([]);
  });

  it('leaves a worker alone that was silent for exactly its timeout', async () => {
    await db.clock.freeze();
    await db.make.worker({ heartbeatTimeoutMs: 6_000 });
    await db.clock.advance(6_000);
    expect(await expire()).toEqual([]);
  });

  it('leaves a worker alone that stopped in order', async () => {
    const { id } = await db.make.worker({ heartbeatTimeoutMs: 6_000 });
    await db.call('stop_worker', [id]);
    await db.clock.advance(60_000);
    expect(await expire()).toEqual([]);
  });

  it('takes no task away: that is the scheduler, by the same rule', async () => {
    const worker = await db.make.worker({ heartbeatTimeoutMs: 6_000 });
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    await worker.claimOne();
    await db.clock.advance(6_001);
    await expire();
    expect(await db.make.task(runId, 'a')).toMatchObject({ status: 'started', worker_id: worker.id });
  });

  it('records the death of a worker that had been silent before and came back', async () => {
    const router = await db.make.worker({ heartbeatTimeoutMs: 6_000, app: 'router' });
    await db.clock.advance(6_001);
    expect(await expire()).toHaveLength(1);
    await router.heartbeat();
    await db.clock.advance(6_001);
    expect(await expire()).toHaveLength(1);
  });

  it('takes no more than its limit', async () => {
    for (let i = 0; i < 3; i += 1) await db.make.worker({ heartbeatTimeoutMs: 6_000 });
    await db.clock.advance(6_001);
    const token = await db.make.leaderToken('failover-monitor');
    expect(await db.call('expire_workers', [token, 2])).toHaveLength(2);
    expect(await db.call('expire_workers', [token, 2])).toHaveLength(1);
  });
});
