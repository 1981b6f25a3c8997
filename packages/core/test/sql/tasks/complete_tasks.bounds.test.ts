import { randomUUID } from 'node:crypto';
import { json, useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();

describe('complete_tasks bounds outputs:', () => {
  it('an output over the bound fails the run with output_too_large, and is not retried', async () => {
    await db.call('set_limit', ['task_output_bytes_max', 100]);
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    expect(await worker.complete(await worker.claimOne(), 'x'.repeat(200))).toMatchObject({ verdict: 'accepted' });
    expect(await db.make.run(runId)).toMatchObject({ status: 'failed', error: { code: 'output_too_large' } });
    expect(await db.make.messages()).toEqual([]);
  });

  it('an output of exactly the bound passes', async () => {
    await db.call('set_limit', ['task_output_bytes_max', 100]);
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    await worker.complete(await worker.claimOne(), 'x'.repeat(98));
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed' });
  });

  it('a map whose outputs together exceed the bound fails by name', async () => {
    await db.call('set_limit', ['gathered_bytes_max', 100]);
    await db.make.define({
      slug: 'w',
      steps: [
        { slug: 'm', kind: 'map' },
        { slug: 'r', depends_on: ['m'] },
      ],
    });
    const runId = await db.make.start('w', [1, 2, 3]);
    const worker = await db.make.worker();
    for (const task of await worker.claim()) await worker.complete(task, 'x'.repeat(50));
    expect(await db.make.run(runId)).toMatchObject({ status: 'failed', error: { code: 'output_too_large' } });
    expect(await db.make.messages()).toEqual([]);
  });

  it('a run whose leaves together exceed the bound fails by name', async () => {
    await db.call('set_limit', ['gathered_bytes_max', 100]);
    await db.make.define('w', 'a', 'b', 'c');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    await worker.completeAll((await worker.claim()).map((task) => [task, 'x'.repeat(50)]));
    expect(await db.make.run(runId)).toMatchObject({ status: 'failed', error: { code: 'output_too_large' } });
  });

  it('a batch over the bound is refused whole', async () => {
    const worker = await db.make.worker();
    const element = { run_id: randomUUID(), step_slug: 'a', task_index: 0, attempt: 1, output: 1 };
    await expect(db.call('complete_tasks', [worker.id, json(Array(1_001).fill(element))])).rejects.toMatchObject({ code: 'WF002' });
  });

  it('a batch that is no array is refused', async () => {
    const worker = await db.make.worker();
    await expect(db.call('complete_tasks', [worker.id, json({ run_id: 'x' })])).rejects.toMatchObject({ code: 'WF001' });
  });

  it('an empty batch answers nothing', async () => {
    const worker = await db.make.worker();
    expect(await worker.completeAll([])).toEqual([]);
  });
});
