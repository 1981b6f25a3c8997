// A takeover as the successor's database sees it: rows of another home, then a placement that makes the group its own.
import { assertLaws, type Claimed, json } from '@singularity-workflow/testkit';
import { useHomes } from './homes.js';

const homes = useHomes();
const { db } = homes;
const CHAIN = { slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }] };
const tenant = () => homes.tenantOf('b');
const startThere = (rest: object = {}) => db.make.start('w', { n: 1 }, { tenant_id: tenant(), ...rest });
const takeOver = () => homes.move(2, 'here', tenant());
const outcomeOfStart = async () => (await db.make.startAll([{ tenant_id: tenant(), workflow: 'w' }]))[0]!;

describe('adoption of a group', () => {
  it('refuses its tenants until the marker is there, then goes on with its runs', async () => {
    await db.make.define(CHAIN);
    const runId = await startThere();
    const [there, here] = [await db.make.worker(), await db.make.worker()];
    await there.complete(await there.claimOne(), 'of a');
    await homes.becomeReplica();
    expect(await outcomeOfStart()).toMatchObject({ outcome: 'not_home' });
    await takeOver();
    expect(await outcomeOfStart()).toMatchObject({ outcome: 'not_home' });

    expect(await homes.adopt()).toEqual([await homes.groupOf(tenant())]);
    expect(await homes.tenures(runId)).toEqual({ run: [2], step: [2], task: [2] });
    const b = await here.claimOne();
    expect(b).toMatchObject({ run_id: runId, step_slug: 'b', attempt: 1, input: { a: 'of a' } });
    expect(await here.complete(b, 'of b')).toMatchObject({ verdict: 'accepted' });
    expect(await db.make.run(runId)).toMatchObject({ status: 'completed', output: { b: 'of b' }, home_epoch: 2 });
    expect(await outcomeOfStart()).toMatchObject({ outcome: 'created' });
    await assertLaws(db);
  });

  it('queues again what was running there: the next attempt is given, a report of the former one is lost', async () => {
    await db.make.define('w', 'a');
    const runId = await startThere();
    const there = await db.make.worker();
    const former = await there.claimOne();
    await homes.becomeReplica();
    await takeOver();
    await homes.adopt();
    expect(await there.complete(former, 1)).toMatchObject({ verdict: 'lost' });
    const here = await db.make.worker();
    expect(await here.claimOne()).toMatchObject({ run_id: runId, attempt: 2 });
    await assertLaws(db);
  });

  it('leaves nothing of an earlier tenure here: a message delayed by hours is gone, and there is one of each task', async () => {
    await db.make.define({ slug: 'w', base_delay_ms: 3_600_000, max_delay_ms: 3_600_000, steps: [{ slug: 'a' }] });
    const runId = await startThere();
    const worker = await db.make.worker();
    await worker.fail(await worker.claimOne());
    await homes.found();
    // The home b tried it once more at once: its row says that it waits for nothing.
    await db.sql('update workflow.step_tasks set available_at = now(), revision = revision + 1');
    await takeOver();
    await homes.adopt();
    expect(await db.make.messages('default', runId)).toHaveLength(1);
    expect(await worker.claimOne()).toMatchObject({ attempt: 2 });
  });

  it('keeps every row as it was but its tenure, revision and tick', async () => {
    await db.make.define({ slug: 'w', base_delay_ms: 0, steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }] });
    const runId = await startThere({ idempotency_key: 'k', labels: { x: 'y' }, priority: 'high' });
    const worker = await db.make.worker();
    await worker.fail(await worker.claimOne());
    await worker.complete(await worker.claimOne(), 'x'.repeat(100_000));
    await homes.becomeReplica();
    const before = await homes.contents(runId);
    const [{ revision }] = (await db.sql<{ revision: number }>('select revision from workflow.workflow_runs where run_id = $1', [
      runId,
    ])) as [{ revision: number }];
    await takeOver();
    await db.sql('update workflow.stream_clock set tick = 9');
    await homes.adopt();
    expect(await homes.contents(runId)).toEqual(before);
    expect(await db.make.run(runId)).toMatchObject({ home_epoch: 2, written_tick: 9, revision: revision + 1 });
    expect(await homes.tenures(runId)).toEqual({ run: [2], step: [2], task: [2], attempt: [2] });
  });

  it('makes the timers anew: a scheduled run starts when it is due, a deadline counts', async () => {
    await db.make.define('w', 'a');
    const due = await startThere({ run_at: new Date((await db.clock.now()).getTime() + 60_000).toISOString() });
    const late = await startThere({ deadline: new Date((await db.clock.now()).getTime() + 60_000).toISOString() });
    await homes.becomeReplica();
    await takeOver();
    await homes.adopt();
    await assertLaws(db);
    await db.clock.advance(61_000);
    const token = await db.make.leaderToken();
    expect(await db.call('start_due_runs', [token, 10])).toMatchObject([{ run_id: due }]);
    expect(await db.call('fail_overdue_runs', [token, 10])).toMatchObject([{ run_id: late }]);
  });

  it('leaves a paused run paused', async () => {
    await db.make.define('w', 'a');
    const runId = await startThere();
    await db.call('pause_run', [runId]);
    await homes.becomeReplica();
    await takeOver();
    await homes.adopt();
    expect(await db.make.messages('default', runId)).toEqual([]);
    await db.call('resume_run', [runId]);
    expect(await (await db.make.worker()).claimOne()).toMatchObject({ run_id: runId });
  });

  it('takes the finished runs that a member may lack, and only those', async () => {
    await db.make.define('w', 'a');
    const worker = await db.make.worker();
    const finish = async (tick: number) => {
      const runId = await startThere();
      await worker.complete(await worker.claimOne(), tick);
      await db.sql('update workflow.workflow_runs set written_tick = $2 where run_id = $1', [runId, tick]);
      return runId;
    };
    const [old, last, unknown] = [await finish(4), await finish(5), await finish(6)];
    await homes.becomeReplica();
    await db.sql(`insert into workflow.stream_ledger (writer, replicated_through, written_at) values ($1, 5, now()), ($2, 100, now())`, [
      homes.members.b,
      homes.members.c,
    ]);
    await takeOver();
    await homes.adopt();
    expect(await Promise.all([old, last, unknown].map(async (id) => (await db.make.run(id))['home_epoch']))).toEqual([1, 1, 2]);
  });

  it("asks the ledger of whoever wrote a run: ticks are each writer's own", async () => {
    await db.make.define('w', 'a');
    const worker = await db.make.worker();
    const finish = async (epoch: number, tick: number) => {
      const runId = await startThere();
      await worker.complete(await worker.claimOne(), tick);
      await db.sql('update workflow.workflow_runs set home_epoch = $2, written_tick = $3 where run_id = $1', [runId, epoch, tick]);
      return runId;
    };
    const runs = [await finish(1, 4), await finish(1, 6), await finish(2, 50), await finish(2, 101)];
    await homes.becomeReplica();
    await db.sql(`insert into workflow.stream_ledger (writer, replicated_through, written_at) values ($1, 5, now()), ($2, 100, now())`, [
      homes.members.b,
      homes.members.c,
    ]);
    await homes.move(2, 'c', tenant());
    await homes.move(3, 'here', tenant());
    await homes.adopt();
    expect(await Promise.all(runs.map(async (id) => (await db.make.run(id))['home_epoch']))).toEqual([1, 3, 2, 3]);
  });

  it('takes all finished runs of a writer of whose ledger nothing has come', async () => {
    await db.make.define('w', 'a');
    const worker = await db.make.worker();
    const runId = await startThere();
    await worker.complete(await worker.claimOne(), 1);
    await homes.becomeReplica();
    await takeOver();
    await homes.adopt();
    expect(await db.make.run(runId)).toMatchObject({ home_epoch: 2 });
  });

  it('leaves the runs of other groups alone', async () => {
    await db.make.define('w', 'a');
    const other = await db.make.start('w', {}, { tenant_id: homes.tenantOf('c') });
    await startThere();
    await homes.becomeReplica();
    await takeOver();
    await homes.adopt();
    expect(await db.make.run(other)).toMatchObject({ home_epoch: 1 });
    expect(await db.make.messages('default', other)).toEqual([]);
  });

  it('makes an own copy of each definition before the runs', async () => {
    await db.make.define('w', 'a');
    await startThere();
    await homes.becomeReplica();
    await db.sql('delete from workflow.workflow_steps');
    await db.sql('delete from workflow.workflow_step_dependencies');
    await takeOver();
    await homes.adopt();
    expect(await db.sql('select writer from workflow.workflow_definitions order by writer = $1', [homes.members.here])).toEqual([
      { writer: homes.members.b },
      { writer: homes.members.here },
    ]);
    expect(await (await db.make.worker()).claimOne()).toMatchObject({ step_slug: 'a' });
  });

  it('adopts schedules and deletions too', async () => {
    await db.make.define('w', 'a');
    const worker = await db.make.worker();
    const runId = await startThere();
    await worker.complete(await worker.claimOne(), 1);
    await db.call('delete_runs', [[runId]]);
    await db.call('create_schedule', [
      json({ tenant_id: tenant(), name: 's', cron: '* * * * *', time_zone: 'UTC', workflow: 'w', next_fire_at: '2999-01-01T00:00:00Z' }),
    ]);
    await homes.becomeReplica();
    await takeOver();
    await homes.adopt();
    expect(await db.sql('select home_epoch from workflow.workflow_schedules')).toEqual([{ home_epoch: 2 }]);
    expect(await db.sql('select run_id, home_epoch from workflow.run_deletions')).toEqual([{ run_id: runId, home_epoch: 2 }]);
  });

  it('is the same in however small parts: a run larger than a part comes in several, its run row with the last', async () => {
    await db.make.define({ slug: 'w', steps: [{ slug: 'm', kind: 'map' }] });
    const large = await db.make.start(
      'w',
      Array.from({ length: 25 }, (_, i) => i),
      { tenant_id: tenant() },
    );
    const small = await db.make.start('w', [1], { tenant_id: tenant() });
    await homes.becomeReplica();
    await takeOver();
    const token = await homes.token();
    await db.call('find_runs_to_adopt', [token, 1_000]);
    const seen: (number[] | undefined)[] = [];
    for (;;) {
      const [chunk] = await db.call<{ done: boolean }>('adopt_chunk', [token, 10]);
      seen.push((await homes.tenures(large))['run']);
      if (chunk!.done) break;
    }
    expect(seen.slice(0, 2)).toEqual([[1], [1]]);
    expect([await homes.tenures(large), await homes.tenures(small)]).toEqual([
      { run: [2], step: [2], task: [2] },
      { run: [2], step: [2], task: [2] },
    ]);
    expect(await (await db.make.worker()).claim()).toHaveLength(26);
    await assertLaws(db);
  });

  it('walks in however small steps, and finds open runs only from the horizon on', async () => {
    await db.make.define('w', 'a');
    const runs: string[] = [];
    for (let i = 0; i < 7; i += 1) runs.push(await startThere());
    await homes.becomeReplica();
    await takeOver();
    await homes.adopt({ walk: 2 });
    expect(await Promise.all(runs.map(async (id) => (await db.make.run(id))['home_epoch']))).toEqual([2, 2, 2, 2, 2, 2, 2]);
  });

  it('that was broken off goes on where it was', async () => {
    await db.make.define('w', 'a');
    const runs = [await startThere(), await startThere(), await startThere()];
    await homes.becomeReplica();
    await takeOver();
    const token = await homes.token();
    await db.call('find_runs_to_adopt', [token, 1_000]);
    await db.call('adopt_chunk', [token, 3]);
    const session = await db.session();
    await session.begin();
    await session.call('adopt_chunk', [token, 3]);
    await session.rollback();
    expect(await homes.adopt({ rowsMax: 3 })).toHaveLength(1);
    const claimed: Claimed[] = await (await db.make.worker()).claim();
    expect(claimed.map(({ run_id }) => run_id).toSorted()).toEqual(runs.toSorted());
    await assertLaws(db);
  });

  it('ends where the group is lost again: nothing more is written under the former tenure', async () => {
    await db.make.define('w', 'a');
    const runId = await startThere();
    await homes.becomeReplica();
    await takeOver();
    const token = await homes.token();
    await db.call('find_runs_to_adopt', [token, 1_000]);
    await homes.move(3, 'c', tenant());
    await expect(db.call('adopt_chunk', [token, 100])).rejects.toMatchObject({ code: 'WF218' });
    expect(await homes.adopt()).toEqual([]);
    expect(await db.make.run(runId)).toMatchObject({ home_epoch: 1 });
    expect(await db.sql('select * from workflow.adoption_work')).toEqual([]);
    expect(await db.sql('select * from workflow.group_adoptions')).toEqual([]);
  });

  it('is refused without a lease', async () => {
    await homes.becomeReplica();
    await takeOver();
    const token = await homes.token();
    await db.call('find_runs_to_adopt', [token, 1_000]);
    await homes.setLease(false);
    await expect(db.call('adopt_chunk', [token, 100])).rejects.toMatchObject({ code: 'WF218' });
  });

  it('is for the leading monitor only', async () => {
    await homes.found();
    await homes.token();
    for (const [fn, arg] of [
      ['find_runs_to_adopt', 10],
      ['adopt_chunk', 10],
    ] as const)
      await expect(db.call(fn, [999, arg])).rejects.toMatchObject({ code: 'WF302' });
  });
});
