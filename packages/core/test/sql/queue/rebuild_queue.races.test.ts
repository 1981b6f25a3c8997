// A rebuild while everybody works on.
import { brokenLaws, useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();

describe('rebuild_queue', () => {
  it('does not deadlock with a report of a run that it is about to compare', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    const task = await worker.claimOne();
    await db.make.forgetUnlogged();
    const token = await db.make.leaderToken();
    const [reporting, scheduler] = [await db.session(), await db.session()];
    await reporting.begin();
    await reporting.sql('select workflow.lock_runs($1)', [[runId]]); // how far a report has come: it has the run, and no count yet
    const rebuilding = scheduler.start(async () => {
      let after: string | null = null;
      do after = (await scheduler.call<{ next_after: string | null }>('rebuild_queue', [token, after, 100]))[0]!.next_after;
      while (after !== null);
    });
    await scheduler.waitUntilBlocked();
    await worker.using(reporting).complete(task, 1); // ends the run: changes the counts of open runs
    await reporting.commit();
    await rebuilding;
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed' });
    expect(await db.call('open_run_counts')).toEqual(expect.arrayContaining([{ status: 'started', runs: 0 }]));
  });

  it('under load leaves each task with one message and delivers none twice at a time', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }, { slug: 'c', depends_on: ['b'] }] });
    const runIds = (await db.make.startAll(Array.from({ length: 200 }, () => ({ tenant_id: 'acme', workflow: 'w' })))).map(
      ({ run_id }) => run_id,
    );
    await db.make.forgetUnlogged();
    const deliveries = new Map<string, number>();
    const isDone = async () =>
      (await db.sql<{ open: number }>('select count(*) as open from workflow.workflow_runs where finished_at is null'))[0]!.open === 0;
    const work = async () => {
      const worker = (await db.make.worker()).using(await db.session());
      while (!(await isDone())) {
        const tasks = await worker.claim({ capacity: 7 });
        for (const { run_id, step_slug, attempt } of tasks) {
          const name = `${run_id} ${step_slug} ${attempt}`;
          deliveries.set(name, (deliveries.get(name) ?? 0) + 1);
        }
        const answers = await worker.completeAll(tasks.map((task) => [task, task.step_slug]));
        expect(answers.every(({ verdict }) => verdict === 'accepted')).toBe(true);
      }
    };
    await Promise.all([work(), work(), work(), db.make.rebuild(10)]);
    expect(deliveries.size).toBe(600);
    expect(Math.max(...deliveries.values())).toBe(1);
    expect(await db.make.messages()).toEqual([]);
    expect(await brokenLaws(db)).toEqual([]);
    expect(await db.make.run(runIds[0]!)).toMatchObject({ status: 'completed', output: { c: 'c' } });
  });
});
