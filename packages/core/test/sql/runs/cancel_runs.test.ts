import { randomUUID } from 'node:crypto';
import { useTestDatabase, type Claimed } from '@singularity-workflow/testkit';

const db = useTestDatabase();
const cancel = (...runIds: string[]) => db.call<{ run_id: string; verdict: string; status: string }>('cancel_runs', [runIds]);

describe('cancel_runs', () => {
  it('withdraws 64 queued tasks: none is delivered', async () => {
    await db.make.define({
      slug: 'w',
      steps: [
        { slug: 'm', kind: 'map' },
        { slug: 'z', depends_on: ['m'] },
      ],
    });
    const runId = await db.make.start('w', Array(64).fill(0));
    expect(await cancel(runId)).toEqual([{ run_id: runId, verdict: 'cancelled', status: 'cancelled' }]);
    expect(await db.make.messages('default', runId)).toEqual([]);
    expect(await (await db.make.worker()).claim()).toEqual([]);
    expect((await db.make.tasks(runId)).every(({ status }) => status === 'cancelled')).toBe(true);
    expect((await db.make.steps(runId)).every(({ status }) => status === 'cancelled')).toBe(true);
  });

  it('keeps what had completed', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }] });
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    await worker.complete(await worker.claimOne(), 'kept');
    await cancel(runId);
    expect(await db.make.step(runId, 'a')).toMatchObject({ status: 'completed' });
    expect(await db.make.task(runId, 'a')).toMatchObject({ status: 'completed', output: 'kept' });
  });

  it('twice is once', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    await cancel(runId);
    const before = await db.make.run(runId);
    expect(await cancel(runId)).toMatchObject([{ verdict: 'already', status: 'cancelled' }]);
    expect(await db.make.run(runId)).toEqual(before);
  });

  it('by two at the same moment has one effect', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const [first, second] = [await db.session(), await db.session()];
    await first.begin();
    const winner = await first.call<{ verdict: string }>('cancel_runs', [[runId]]);
    const pending = second.start(() => second.call<{ verdict: string }>('cancel_runs', [[runId]]));
    await second.waitUntilBlocked();
    await first.commit();
    expect([winner[0]!.verdict, (await pending)[0]!.verdict]).toEqual(['cancelled', 'already']);
    expect(await db.call('open_run_counts')).toEqual(expect.arrayContaining([{ status: 'started', runs: 0 }]));
  });

  it('is refused for a run that completed', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    await worker.complete(await worker.claimOne(), 1);
    expect(await cancel(runId)).toMatchObject([{ verdict: 'finished', status: 'completed' }]);
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed', output: { a: 1 } });
  });

  it('answers not_found for a run that does not exist, and goes on with the others', async () => {
    await db.make.define('w', 'a');
    const [runId, unknown] = [await db.make.start('w'), randomUUID()];
    const answers = await cancel(unknown, runId);
    expect(new Map(answers.map(({ run_id, verdict }) => [run_id, verdict]))).toEqual(
      new Map([
        [unknown, 'not_found'],
        [runId, 'cancelled'],
      ]),
    );
  });

  it('answers once where an id is given twice', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    expect(await cancel(runId, runId)).toMatchObject([{ verdict: 'cancelled' }]);
  });

  it('works on paused and on scheduled runs', async () => {
    await db.make.define('w', 'a');
    const paused = await db.make.start('w');
    await db.call('pause_run', [paused]);
    const scheduled = await db.make.start('w', {}, { run_at: '2999-01-01T00:00:00Z' });
    await cancel(paused, scheduled);
    expect([(await db.make.run(paused)).status, (await db.make.run(scheduled)).status]).toEqual(['cancelled', 'cancelled']);
    expect((await db.call<{ runs: number }>('open_run_counts')).map(({ runs }) => runs)).toEqual([0, 0, 0]);
  });

  it('of a scheduled run keeps it from ever starting', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w', {}, { run_at: new Date(Date.now() + 60_000).toISOString() });
    await cancel(runId);
    await db.clock.advance(120_000);
    expect(await db.call('start_due_runs', [await db.make.leaderToken(), 10])).toEqual([]);
    expect(await db.make.run(runId)).toMatchObject({ status: 'cancelled' });
  });

  it('keeps the reason', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    await db.call('cancel_runs', [[runId], 'ordered twice']);
    expect(await db.make.run(runId)).toMatchObject({ status: 'cancelled', error: { code: 'cancelled', message: 'ordered twice' } });
  });

  it('waits for a report under way, and then leaves the ended run alone', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    const task = await worker.claimOne();
    const [reporting, cancelling] = [await db.session(), await db.session()];
    await reporting.begin();
    await worker.using(reporting).complete(task, 'in time');
    const pending = cancelling.start(() => cancelling.call<{ verdict: string }>('cancel_runs', [[runId]]));
    await cancelling.waitUntilBlocked();
    await reporting.commit();
    expect(await pending).toMatchObject([{ verdict: 'finished' }]);
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed', output: { a: 'in time' } });
  });

  it('under way makes a report wait, and then changes nothing by it', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    const task = await worker.claimOne();
    const [cancelling, reporting] = [await db.session(), await db.session()];
    await cancelling.begin();
    await cancelling.call('cancel_runs', [[runId]]);
    const pending = reporting.start(() => worker.using(reporting).complete(task, 'too late'));
    await reporting.waitUntilBlocked();
    await cancelling.commit();
    expect(await pending).toMatchObject({ verdict: 'closed' });
    expect(await db.make.run(runId)).toMatchObject({ status: 'cancelled', output: null });
    expect(await db.make.task(runId, 'a')).toMatchObject({ status: 'cancelled', output: null });
  });

  it('waits for a claim under way, and cancels what it took', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    const [claiming, cancelling] = [await db.session(), await db.session()];
    await claiming.begin();
    const claimed = await worker.using(claiming).claim();
    const pending = cancelling.start(() => cancelling.call('cancel_runs', [[runId]]));
    await cancelling.waitUntilBlocked();
    await claiming.commit();
    await pending;
    expect(claimed).toHaveLength(1);
    expect(await db.make.task(runId, 'a')).toMatchObject({ status: 'cancelled' });
    expect(await db.make.messages('default', runId)).toEqual([]);
    expect((await worker.heartbeat(claimed)).aborts).toMatchObject([{ reason: 'run_cancelled' }]);
  });

  it('under way gives a claim nothing of that run', async () => {
    await db.make.define('w', 'a');
    const runId = await db.make.start('w');
    const worker = await db.make.worker();
    const cancelling = await db.session();
    await cancelling.begin();
    await cancelling.call('cancel_runs', [[runId]]);
    expect(await worker.claim()).toEqual([]);
    await cancelling.commit();
    expect(await worker.claim()).toEqual([]);
  });

  it('of runs in opposite orders by two does not deadlock', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b' }] });
    const runIds = (await db.make.startAll(Array.from({ length: 100 }, () => ({ tenant_id: 'acme', workflow: 'w' })))).map(
      ({ run_id }) => run_id,
    );
    const sessions = await Promise.all([1, 2, 3, 4].map(() => db.session()));
    const calls = sessions.map((session, i) =>
      session.call<{ verdict: string }>('cancel_runs', [i % 2 === 0 ? runIds : runIds.toReversed()]),
    );
    const verdicts = (await Promise.all(calls)).flat().map(({ verdict }) => verdict);
    expect(verdicts.filter((verdict) => verdict === 'cancelled')).toHaveLength(100);
  });

  it('refuses more runs than the bound', async () => {
    await expect(cancel(...Array.from({ length: 1_001 }, () => randomUUID()))).rejects.toMatchObject({ code: 'WF002' });
  });

  it('races with claims and reports of the same run without ever leaving it half open', async () => {
    await db.make.define({
      slug: 'w',
      steps: [
        { slug: 'm', kind: 'map' },
        { slug: 'z', depends_on: ['m'] },
      ],
    });
    for (let round = 0; round < 20; round += 1) {
      const runId = await db.make.start('w', Array(8).fill(0));
      const [one, two] = [await db.make.worker(), await db.make.worker()];
      const work = async (worker: typeof one) => {
        for (let batch: Claimed[] = await worker.claim({ capacity: 3 }); batch.length > 0; batch = await worker.claim({ capacity: 3 })) {
          await worker.completeAll(batch.map((task) => [task, 1]));
        }
      };
      await Promise.all([work(one), work(two), cancel(runId)]);
      const { status } = await db.make.run(runId);
      expect(['cancelled', 'completed']).toContain(status);
      expect((await db.make.tasks(runId)).filter(({ status: task }) => task === 'queued' || task === 'started')).toEqual([]);
      expect((await db.make.steps(runId)).filter(({ status: step }) => step === 'created' || step === 'started')).toEqual([]);
      expect(await db.make.messages('default', runId)).toEqual([]);
    }
  });
});
