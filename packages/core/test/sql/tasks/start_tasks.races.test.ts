import { randomUUID } from 'node:crypto';
import { useTestDatabase, type Claimed } from '@singularity-workflow/testkit';

const db = useTestDatabase();

describe('start_tasks, called at once', () => {
  it('gives one task to one of two', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const workers = [await db.make.worker(), await db.make.worker()];
    const [first, second] = [await db.session(), await db.session()];
    await first.begin();
    const claimed = await workers[0]!.using(first).claim();
    const other = await workers[1]!.using(second).claim();
    await first.commit();
    expect([claimed.length, other.length]).toEqual([1, 0]);
    expect(await db.make.task(runId, 'a')).toMatchObject({ attempt: 1, worker_id: workers[0]!.id });
  });

  it('gives 2,000 tasks to twenty claimers, each once', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'm', kind: 'map' }] });
    await db.make.start(
      'w',
      Array.from({ length: 2_000 }, (_, i) => i),
    );
    const claimers = await Promise.all(Array.from({ length: 20 }, async () => (await db.make.worker()).using(await db.session())));
    const claimed = (
      await Promise.all(
        claimers.map(async (claimer) => {
          const own: Claimed[] = [];
          for (let batch = await claimer.claim({ capacity: 17 }); batch.length > 0; batch = await claimer.claim({ capacity: 17 }))
            own.push(...batch);
          return own;
        }),
      )
    ).flat();
    const rest = await claimers[0]!.claim({ capacity: 1_000 });
    const indexes = [...claimed, ...rest].map(({ task_index }) => task_index).toSorted((a, b) => a - b);
    expect(indexes).toEqual(Array.from({ length: 2_000 }, (_, i) => i));
    expect(await db.sql('select max(attempt) as attempts, count(*) as tasks from workflow.step_tasks')).toEqual([
      { attempts: 1, tasks: 2_000 },
    ]);
  });

  it('gives each of 128 map tasks to one of eight workers', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'm', kind: 'map' }] });
    const runId = await db.make.start(
      'w',
      Array.from({ length: 128 }, (_, i) => i),
    );
    await Promise.all(
      Array.from({ length: 8 }, async () => {
        const worker = (await db.make.worker()).using(await db.session());
        for (let batch = await worker.claim({ capacity: 5 }); batch.length > 0; batch = await worker.claim({ capacity: 5 })) {
          await worker.completeAll(batch.map((task) => [task, task.task_index]));
        }
      }),
    );
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed', output: { m: Array.from({ length: 128 }, (_, i) => i) } });
    expect((await db.make.tasks(runId)).every(({ attempt }) => attempt === 1)).toBe(true);
  });

  it('does not wait for a run that somebody else has locked', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'm', kind: 'map' }] });
    await db.make.start('w', [1, 2]);
    await db.make.start('w', [3]);
    const worker = await db.make.worker();
    const [task] = await worker.claim({ capacity: 1 });
    const reporting = await db.session();
    await reporting.begin();
    await worker.using(reporting).complete(task!, 1);
    const claiming = await db.session();
    await claiming.sql(`set lock_timeout = '5s'`);
    await expect(worker.using(claiming).claim()).resolves.toBeDefined();
    await reporting.commit();
    const claimedLater = await worker.claim();
    const { started } = (
      await db.sql<{ started: number }>(`select count(*) as started from workflow.step_tasks where status = 'started'`)
    )[0]!;
    expect(started).toBe(2);
    expect(claimedLater.length).toBeLessThanOrEqual(2);
  });
});

describe('start_tasks, with a message that lies,', () => {
  it('delivers nothing for a task that is held, and removes the message', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const [worker, other] = [await db.make.worker(), await db.make.worker()];
    const task = await worker.claimOne();
    await db.sql(`insert into pgmq.q_default_p1 (vt, message) values (now(), $1)`, [{ run_id: runId, step_slug: 'a', task_index: 0 }]);
    expect(await other.claim()).toEqual([]);
    expect(await db.make.messages()).toEqual([]);
    expect(await db.make.task(runId, 'a')).toMatchObject({ attempt: 1, worker_id: worker.id });
    expect(await worker.complete(task, 1)).toMatchObject({ verdict: 'accepted' });
  });

  it('delivers nothing for a task that ended', async () => {
    await db.make.define('w', 'a', 'b');
    await db.make.start('w');
    const worker = await db.make.worker();
    const [first] = await worker.claim();
    await worker.complete(first!, 1);
    await db.sql(`insert into pgmq.q_default_p1 (vt, message) values (now(), $1)`, [
      { run_id: first!.run_id, step_slug: first!.step_slug, task_index: 0 },
    ]);
    expect(await worker.claim()).toEqual([]);
    expect(await db.make.messages()).toEqual([]);
  });

  it('delivers nothing for a task that never was', async () => {
    await db.make.define('w', 'a');
    await db.sql(`insert into pgmq.q_default_p1 (vt, message) values (now(), $1)`, [
      { run_id: randomUUID(), step_slug: 'a', task_index: 0 },
    ]);
    expect(await (await db.make.worker()).claim()).toEqual([]);
  });

  it('delivers a task once although two messages name it', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    await db.sql(`insert into pgmq.q_default_p1 (vt, message) select now(), message from pgmq.q_default_p1`);
    expect(await (await db.make.worker()).claim()).toHaveLength(1);
    expect(await db.make.task(runId, 'a')).toMatchObject({ attempt: 1 });
  });
});
