import { useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();

describe('stop_worker', () => {
  it('ends the right to claim', async () => {
    const worker = await db.make.worker();
    await db.call('stop_worker', [worker.id]);
    await expect(worker.claim()).rejects.toMatchObject({ code: 'WF301' });
  });

  it('leaves what the worker still held to the others', async () => {
    const [worker, other] = [await db.make.worker(), await db.make.worker()];
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    await worker.claimOne();
    await db.call('stop_worker', [worker.id]);
    const lost = await db.call('requeue_lost_tasks', [await db.make.leaderToken(), 100]);
    expect(lost).toMatchObject([{ run_id: runId, step_slug: 'a', reason: 'worker_lost' }]);
    await db.clock.advance(60_000);
    await other.heartbeat();
    expect(await other.claim()).toHaveLength(1);
  });

  it('says that it was so already', async () => {
    const { id } = await db.make.worker();
    expect(await db.call('stop_worker', [id])).toEqual([{ stop_worker: true }]);
    expect(await db.call('stop_worker', [id])).toEqual([{ stop_worker: false }]);
  });
});
