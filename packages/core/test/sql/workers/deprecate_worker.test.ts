import { useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();

describe('deprecate_worker', () => {
  it('stops new claims of that worker only', async () => {
    const [leaving, staying] = [await db.make.worker(), await db.make.worker()];
    await db.make.define('w', 'a');
    await db.make.start('w');
    expect(await db.call('deprecate_worker', [leaving.id])).toEqual([{ deprecate_worker: true }]);
    expect(await leaving.claim()).toEqual([]);
    expect(await staying.claim()).toHaveLength(1);
  });

  it('lets the worker report what it holds', async () => {
    const worker = await db.make.worker();
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const task = await worker.claimOne();
    await db.call('deprecate_worker', [worker.id]);
    expect(await worker.complete(task, 1)).toMatchObject({ verdict: 'accepted' });
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed' });
  });

  it('says that it was so already', async () => {
    const { id } = await db.make.worker();
    await db.call('deprecate_worker', [id]);
    expect(await db.call('deprecate_worker', [id])).toEqual([{ deprecate_worker: false }]);
  });
});
