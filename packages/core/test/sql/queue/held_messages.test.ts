// What is held back of runs with durability quorum, and what is not (R11).
import { useHeld } from './held.js';

const { homes, tenant, start, held, slugs, queued, release, confirm, worker } = useHeld();
const { db } = homes;

describe('a run with durability quorum', () => {
  it('begins when other regions have it, and a local one of the same call at once', async () => {
    const [quorum, local] = await db.make.startAll([
      { tenant_id: tenant(), workflow: 'w', durability: 'quorum' },
      { tenant_id: tenant(), workflow: 'w' },
    ]);
    expect([quorum, local]).toMatchObject([
      { outcome: 'created', durability: 'quorum' },
      { outcome: 'created', durability: 'local' },
    ]);
    expect(quorum!.queues.sort()).toEqual(['#held', 'default']);
    expect([await slugs(quorum!.run_id), await queued(quorum!.run_id)]).toEqual([['a'], []]);
    expect([await slugs(local!.run_id), await queued(local!.run_id)]).toEqual([[], ['a']]);
  });

  it('goes on to its next step when other regions have the output, whatever its executor could take over', async () => {
    const runId = await start();
    await confirm();
    await release();
    const busy = await worker();
    const task = await busy.claimOne();
    const { answers, handed } = await busy.completeAndTake([[task, 1]]);
    expect(answers).toMatchObject([{ verdict: 'accepted', queues: ['#held'] }]);
    expect(handed).toEqual([]);
    expect([await slugs(runId), await queued(runId)]).toEqual([['b'], []]);
    await release();
    await busy.complete(await busy.claimOne(), 2);
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed', output: { b: 2 } });
  });

  it('does not keep a local run of the same report from being handed over', async () => {
    const [quorum, local] = [await start(), await start('local')];
    await confirm();
    await release();
    const busy = await worker();
    const tasks = await busy.claim();
    const { handed } = await busy.completeAndTake(tasks.map((task) => [task, 1] as const));
    expect(handed).toMatchObject([{ run_id: local, step_slug: 'b' }]);
    expect(await slugs()).toEqual(['b']);
    expect(await slugs(quorum)).toEqual(['b']);
  });

  it('waits for each task of a map, and for one that is tried again', async () => {
    await db.make.define({ slug: 'm', steps: [{ slug: 'each', kind: 'map', base_delay_ms: 0 }] });
    const runId = await db.make.start('m', [1, 2], { tenant_id: tenant(), durability: 'quorum' });
    expect(await slugs(runId)).toEqual(['each', 'each']);
    await confirm();
    await release();
    const busy = await db.make.worker();
    const [first] = await busy.claim({ capacity: 1 });
    await busy.fail(first!);
    expect(await held(runId)).toMatchObject([{ step_slug: 'each', task_index: first!.task_index }]);
  });

  it('waits at the start of a scheduled run, of a retry from scratch, and of a run that goes on after a pause', async () => {
    const runId = await start();
    await db.call('pause_run', [runId]);
    expect(await slugs()).toEqual([]);
    await db.call('resume_run', [runId]);
    expect(await slugs(runId)).toEqual(['a']);
    await db.call('cancel_runs', [[runId]]);
    expect(await slugs()).toEqual([]);
    await db.call('retry_run', [runId, 'start', null]);
    expect(await slugs(runId)).toEqual(['a']);

    const later = await start('quorum', { run_at: new Date(Date.now() + 3_600_000).toISOString() });
    await db.clock.advance(7_200_000);
    await homes.extendLease();
    await db.call('start_due_runs', [await db.make.leaderToken(), 10]);
    expect([await slugs(later), await queued(later)]).toEqual([['a'], []]);
  });

  it('does not wait for a task that is given back: what it builds on was confirmed before it was claimed', async () => {
    const runId = await start();
    await confirm();
    await release();
    const busy = await worker();
    await busy.release(await busy.claimOne());
    expect([await slugs(), await queued(runId)]).toEqual([[], ['a']]);
  });

  it('is refused where no other region of the zone could confirm it, and is the default of a tenant that wants it', async () => {
    await db.sql(
      `insert into workflow.tenant_registry (tenant_id, residency, default_durability, epoch) values ($1, 'global', 'quorum', 1)`,
      [tenant()],
    );
    expect(await db.make.run(await start('none'))).toMatchObject({ durability: 'quorum' });
    expect(await db.make.run(await start('local'))).toMatchObject({ durability: 'local' });
    const request = { tenant_id: tenant(), workflow: 'w', idempotency_key: 'k' };
    const [first, again] = [(await db.make.startAll([request]))[0]!, (await db.make.startAll([request]))[0]!];
    expect(again).toMatchObject({ outcome: 'existing', run_id: first.run_id, durability: 'quorum' });
    await db.sql(`update workflow.region_members set state = 'joining' where region <> 'here'`);
    expect((await db.make.startAll([{ ...request, idempotency_key: 'l' }]))[0]).toMatchObject({
      outcome: 'refused',
      code: 'quorum_impossible',
      field: 'durability',
    });
  });
});

describe('what a report says of runs with durability quorum', () => {
  it('whose verdicts count only when they are confirmed: accepted ones, failed ones, and those that were accepted before', async () => {
    const runId = await start();
    await confirm();
    await release();
    const busy = await worker();
    const task = await busy.claimOne();
    const unconfirmed = { [runId]: { tenant_id: tenant(), zone: 'global', tenure: 1 } };
    expect(await busy.complete(task, 1)).toMatchObject({ verdict: 'accepted', unconfirmed });
    expect(await busy.complete(task, 1)).toMatchObject({ verdict: 'already', unconfirmed });
    await release();
    expect(await busy.fail(await busy.claimOne())).toMatchObject({ verdict: 'accepted', unconfirmed });
  });

  it('nothing where there are none', async () => {
    await start('local');
    const busy = await worker();
    const task = await busy.claimOne();
    expect(await busy.complete(task, 1)).toMatchObject({ verdict: 'accepted', unconfirmed: null });
    expect(await busy.complete(task, 1)).toMatchObject({ verdict: 'already', unconfirmed: null });
    expect(await busy.fail(await busy.claimOne())).toMatchObject({ unconfirmed: null });
  });

  it('that this region may not vouch for what is at home elsewhere by now, or is to be adopted first', async () => {
    const runId = await start();
    await confirm();
    await release();
    const busy = await worker();
    const task = await busy.claimOne();
    await busy.complete(task, 1);
    await db.sql(`insert into workflow.adoption_work (placement_group, run_id) values ('global/0', $1)`, [runId]);
    expect(await busy.complete(task, 1)).toMatchObject({ unconfirmed: { [runId]: { tenure: null } } });
    await db.sql('delete from workflow.adoption_work');
    expect(await busy.complete(task, 1)).toMatchObject({ unconfirmed: { [runId]: { tenure: 1 } } });
    await homes.move(2, 'b', tenant());
    expect(await busy.complete(task, 1)).toMatchObject({ verdict: 'already', unconfirmed: { [runId]: { tenure: null } } });
  });
});
