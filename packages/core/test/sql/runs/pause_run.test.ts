import { randomUUID } from 'node:crypto';
import { useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();
const pause = async (runId: string) => (await db.call('pause_run', [runId]))[0];

describe('pause_run', () => {
  it('stops claims of that run only', async () => {
    await db.make.define('w', 'a');
    const [paused, going] = [await db.make.start('w'), await db.make.start('w')];
    expect(await pause(paused)).toMatchObject({ run_id: paused, status: 'paused', changed: true });
    expect(await (await db.make.worker()).claim()).toMatchObject([{ run_id: going }]);
  });

  it('twice is once', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    await pause(runId);
    expect(await pause(runId)).toMatchObject({ status: 'paused', changed: false });
    expect(await db.call('open_run_counts')).toEqual(
      expect.arrayContaining([
        { status: 'started', runs: 0 },
        { status: 'paused', runs: 1 },
      ]),
    );
  });

  it('does not let dependents of what finishes meanwhile be claimed', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }] });
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    const task = await worker.claimOne();
    await pause(runId);
    await worker.complete(task, 1);
    expect(await db.make.task(runId, 'b')).toMatchObject({ status: 'queued' });
    expect(await worker.claim()).toEqual([]);
  });

  it('does not let a failed attempt be claimed again', async () => {
    await db.make.define({ slug: 'w', base_delay_ms: 0, steps: [{ slug: 'a' }] });
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    const task = await worker.claimOne();
    await pause(runId);
    expect(await worker.fail(task)).toMatchObject({ verdict: 'accepted' });
    expect(await worker.claim()).toEqual([]);
    await db.call('resume_run', [runId]);
    expect(await worker.claim()).toMatchObject([{ attempt: 2 }]);
  });

  it('waits for a claim under way: after its answer nothing more is claimed', async () => {
    await db.make.define('w', 'a', 'b');
    const runId = await db.make.start('w');
    const [one, two] = [await db.make.worker(), await db.make.worker()];
    const [claiming, pausing] = [await db.session(), await db.session()];
    await claiming.begin();
    const claimed = await one.using(claiming).claim({ capacity: 1 });
    const pending = pausing.start(() => pausing.call('pause_run', [runId]));
    await pausing.waitUntilBlocked();
    await claiming.commit();
    await pending;
    expect(claimed).toHaveLength(1);
    expect(await two.claim()).toEqual([]);
    expect(await one.complete(claimed[0]!, 1)).toMatchObject({ verdict: 'accepted' });
  });

  it.each(['completed', 'cancelled'])('refuses a run that is %s', async (how) => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    if (how === 'completed') await worker.complete(await worker.claimOne(), 1);
    else await db.call('cancel_runs', [[runId]]);
    await expect(pause(runId)).rejects.toMatchObject({ code: 'WF205' });
  });

  it('refuses a run that has not started', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w', {}, { run_at: '2999-01-01T00:00:00Z' });
    await expect(pause(runId)).rejects.toMatchObject({ code: 'WF212' });
  });

  it('refuses a run that does not exist', async () => {
    await expect(pause(randomUUID())).rejects.toMatchObject({ code: 'WF204' });
  });
});
