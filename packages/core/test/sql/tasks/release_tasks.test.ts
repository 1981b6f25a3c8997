import { useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();

async function held() {
  await db.make.define('w', 'a');
  const runId = await db.make.start('w');
  const worker = await db.make.worker();
  return { runId, worker, task: await worker.claimOne() };
}

describe('release_tasks', () => {
  it('makes a task claimable at once, counts no failure, and keeps its attempt number', async () => {
    const { runId, worker, task } = await held();
    expect(await worker.release(task, 'drain')).toMatchObject({ verdict: 'accepted', queues: ['default'] });
    expect(await db.make.task(runId, 'a')).toMatchObject({ status: 'queued', attempt: 1, failures: 0, worker_id: null });
    expect(await (await db.make.worker()).claimOne()).toMatchObject({ attempt: 2 });
    expect(await db.sql('select * from workflow.step_attempts')).toEqual([]);
  });

  it('leaves exactly one message', async () => {
    const { runId, worker, task } = await held();
    await worker.release(task);
    expect(await db.make.messages('default', runId)).toHaveLength(1);
  });

  it('makes a task without a handler wait longer each time, up to the bound', async () => {
    await db.clock.freeze();
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    const waits: number[] = [];
    for (let i = 0; i < 8; i += 1) {
      await worker.release(await worker.claimOne(), 'handler_missing');
      const waitMs = (await db.make.task(runId, 'a')).available_at.getTime() - (await db.clock.now()).getTime();
      waits.push(Math.ceil(waitMs / 1_000) * 1_000);
      expect(await worker.claim()).toEqual([]);
      await db.clock.advance(waitMs + 1);
    }
    expect(waits).toEqual([1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]);
  });

  it('never exhausts a task', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a', max_attempts: 1 }] });
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    for (let i = 0; i < 5; i += 1) await worker.release(await worker.claimOne());
    expect(await worker.complete(await worker.claimOne(), 1)).toMatchObject({ verdict: 'accepted' });
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed' });
  });

  it('of a task twice changes nothing the second time', async () => {
    const { runId, worker, task } = await held();
    await worker.release(task);
    expect(await worker.release(task)).not.toMatchObject({ verdict: 'accepted' });
    expect(await db.make.messages('default', runId)).toHaveLength(1);
  });

  it('of a task twice in one batch makes one message', async () => {
    const { runId, worker, task } = await held();
    const answers = await worker.releaseAll([
      [task, 'drain'],
      [task, 'drain'],
    ]);
    expect(answers.filter(({ verdict }) => verdict === 'accepted')).toHaveLength(1);
    expect(await db.make.messages('default', runId)).toHaveLength(1);
  });

  it('by somebody who does not hold the task changes nothing', async () => {
    const { runId, worker, task } = await held();
    const other = await db.make.worker();
    expect(await other.release(task)).toMatchObject({ verdict: 'lost' });
    expect(await db.make.task(runId, 'a')).toMatchObject({ status: 'started', worker_id: worker.id });
  });

  it('after the run was cancelled is closed', async () => {
    const { runId, worker, task } = await held();
    await db.call('cancel_runs', [[runId]]);
    expect(await worker.release(task)).toMatchObject({ verdict: 'closed' });
    expect(await db.make.messages('default', runId)).toEqual([]);
  });

  it('of a completed attempt is already', async () => {
    const { worker, task } = await held();
    await worker.complete(task, 1);
    expect(await worker.release(task)).toMatchObject({ verdict: 'already' });
  });

  it('in a paused run keeps the task from being claimed until the run is resumed', async () => {
    const { runId, worker, task } = await held();
    await db.call('pause_run', [runId]);
    expect(await worker.release(task)).toMatchObject({ verdict: 'accepted' });
    expect(await worker.claim()).toEqual([]);
    await db.call('resume_run', [runId]);
    expect(await worker.claim()).toHaveLength(1);
  });

  it('sends the task back to the queue of its step and the priority of its run', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', queue: 'elsewhere' }] });
    const runId = await db.make.start('w', {}, { priority: 'low' });
    const worker = await db.make.worker();
    expect(await worker.release(await worker.claimOne({ queues: ['elsewhere'] }))).toMatchObject({
      verdict: 'accepted',
      queues: ['elsewhere'],
    });
    expect((await db.make.messages('default', runId)).map(({ queue }) => queue)).toEqual(['default_p0']);
    expect((await db.make.messages('elsewhere', runId)).map(({ queue }) => queue)).toEqual(['elsewhere_p0']);
  });
});
