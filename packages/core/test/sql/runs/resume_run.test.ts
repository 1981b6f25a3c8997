import { randomUUID } from 'node:crypto';
import { useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();
const resume = async (runId: string) => (await db.call('resume_run', [runId]))[0];

describe('resume_run', () => {
  it('lets the run be claimed again, each task once', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'm', kind: 'map' }] });
    const runId = await db.make.start('w', [1, 2, 3]);
    const worker = await db.make.worker();
    const [held] = await worker.claim({ capacity: 1 });
    await db.call('pause_run', [runId]);
    expect(await resume(runId)).toMatchObject({ run_id: runId, status: 'started', changed: true, queues: ['default'] });
    expect(await db.make.messages('default', runId)).toHaveLength(2);
    expect((await worker.claim()).map(({ task_index }) => task_index).toSorted((a, b) => a - b)).toEqual(
      [0, 1, 2].filter((i) => i !== held!.task_index),
    );
  });

  it('of a run that is not paused changes nothing', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    expect(await resume(runId)).toMatchObject({ status: 'started', changed: false });
    expect(await db.make.messages('default', runId)).toHaveLength(1);
  });

  it('twice sends each message once', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    await db.call('pause_run', [runId]);
    await resume(runId);
    await resume(runId);
    expect(await db.make.messages('default', runId)).toHaveLength(1);
  });

  it('by two at the same moment sends each message once', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    await db.call('pause_run', [runId]);
    const [first, second] = [await db.session(), await db.session()];
    await first.begin();
    await first.call('resume_run', [runId]);
    const pending = second.start(() => second.call('resume_run', [runId]));
    await second.waitUntilBlocked();
    await first.commit();
    expect(await pending).toMatchObject([{ changed: false }]);
    expect(await db.make.messages('default', runId)).toHaveLength(1);
  });

  it('keeps the delay of a task that was waiting', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a', start_delay_ms: 60_000 }] });
    const runId = await db.make.start('w');
    await db.call('pause_run', [runId]);
    await resume(runId);
    const worker = await db.make.worker();
    expect(await worker.claim()).toEqual([]);
    await db.clock.advance(60_001);
    expect(await worker.claim()).toHaveLength(1);
  });

  it('refuses a run that ended', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    await db.call('cancel_runs', [[runId]]);
    await expect(resume(runId)).rejects.toMatchObject({ code: 'WF205' });
  });

  it('refuses a run that does not exist', async () => {
    await expect(resume(randomUUID())).rejects.toMatchObject({ code: 'WF204' });
  });
});
