// Durability quorum as the home's database sees it (R11): what waits for other regions, and what becomes of it. That regions really confirm, and when they
// do not: test/regions/held_messages.links. Here `confirm` leaves the region alone with its vote, so that what it has flushed is confirmed.
import { useHomes } from '../regions/homes.js';

const homes = useHomes();
const { db } = homes;
const tenant = (nth = 0) => homes.tenantOf('here', nth);
const start = (durability: 'local' | 'quorum' | undefined = 'quorum', rest: object = {}) =>
  db.make.start('w', {}, { tenant_id: tenant(), ...(durability && { durability }), ...rest });
const held = (runId?: string) =>
  db.sql<{ step_slug: string; position: string | null }>(
    'select step_slug, task_index, position from workflow.held_messages where run_id = coalesce($1, run_id) order by step_slug, task_index',
    [runId ?? null],
  );
const slugs = async (runId?: string) => (await held(runId)).map(({ step_slug }) => step_slug);
const queued = async (runId?: string) => (await db.make.messages('default', runId)).map(({ message }) => message['step_slug']);
const release = async (limit = 100) => (await db.call('release_held_messages', [await db.make.leaderToken(), limit]))[0]!;
const confirm = () => db.sql(`update workflow.region_members set state = 'gone' where region <> 'here'`);
const worker = () =>
  db.make.worker({
    runnableSteps: [
      ['w', 'a'],
      ['w', 'b'],
    ],
  });

beforeEach(async () => {
  await homes.found();
  await db.make.define({ slug: 'w', base_delay_ms: 0, steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }] });
});

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
    const [busy] = [await worker()];
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
    await db.sql('select 1');
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
    expect(await db.make.run(await start(undefined))).toMatchObject({ durability: 'quorum' });
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

describe('release_held_messages', () => {
  it('reads a position after the commit, and lets nothing go before others have confirmed it', async () => {
    const runId = await start();
    expect(await held()).toMatchObject([{ position: null }]);
    expect(await release()).toEqual({ released: 0, waiting: true, queues: [] });
    expect(await held()).toMatchObject([{ position: expect.stringMatching(/^[0-9A-F]+\/[0-9A-F]+$/) }]);
    await confirm();
    expect(await release()).toEqual({ released: 1, waiting: false, queues: ['default'] });
    expect([await held(), await queued(runId)]).toEqual([[], ['a']]);
    expect(await release()).toEqual({ released: 0, waiting: false, queues: [] });
  });

  it('takes the oldest first, so many a call', async () => {
    for (let i = 0; i < 5; i += 1) await start();
    await confirm();
    expect(await release(2)).toMatchObject({ released: 2, waiting: true });
    expect(await release(2)).toMatchObject({ released: 2, waiting: true });
    expect(await release(2)).toMatchObject({ released: 1, waiting: false });
  });

  it('keeps the time from which a message may be claimed', async () => {
    await db.make.define({ slug: 'late', steps: [{ slug: 'a', start_delay_ms: 60_000 }] });
    await db.make.start('late', {}, { tenant_id: tenant(), durability: 'quorum' });
    await confirm();
    await release();
    const busy = await db.make.worker();
    expect(await busy.claim()).toEqual([]);
    await db.clock.advance(61_000);
    expect(await busy.claim()).toHaveLength(1);
  });

  it('drops what is at home elsewhere, and keeps what is stopped for a move, behind what may go', async () => {
    const [moved, stopped, free] = await Promise.all([0, 1, 2].map((nth) => start('quorum', { tenant_id: tenant(nth) })));
    await release();
    await db.sql(
      `insert into workflow.group_moves (placement_group, target, mark, tenure, marked_at, drain_until, stopped_position)
       values ($1, 'b', 'stopped', 1, now(), now(), '0/1')`,
      [await homes.groupOf(tenant(1))],
    );
    await homes.move(2, 'b', tenant(0));
    await confirm();
    let answer;
    for (let i = 0; i < 3; i += 1) answer = await release(1);
    expect(answer).toMatchObject({ waiting: true });
    expect([await slugs(moved), await slugs(stopped), await queued()]).toEqual([[], ['a'], ['a']]);
    expect(await queued(free)).toEqual(['a']);
    await db.sql('delete from workflow.group_moves');
    await release();
    expect(await queued(stopped)).toEqual(['a']);
  });

  it('lets nothing go in a region without its lease, nor for who does not lead', async () => {
    await start();
    await confirm();
    await homes.setLease(false);
    expect(await release()).toEqual({ released: 0, waiting: true, queues: [] });
    await homes.setLease(true);
    await expect(db.call('release_held_messages', [999, 10])).rejects.toMatchObject({ code: 'WF302' });
    expect(await release()).toMatchObject({ released: 1 });
  });

  it('and whoever withdraws messages at that moment leaves none behind', async () => {
    const runId = await start();
    await confirm();
    const [releasing, pausing] = [await db.session(), await db.session()];
    const token = await db.make.leaderToken();
    await releasing.begin();
    await releasing.call('release_held_messages', [token, 10]);
    const paused = pausing.start(() => pausing.call('pause_run', [runId]));
    await pausing.waitUntilBlocked();
    await releasing.commit();
    await paused;
    expect([await held(), await queued()]).toEqual([[], []]);
  });
});

describe('count_held_messages', () => {
  it('says how many wait, and how long the oldest has', async () => {
    expect(await db.as('workflow_scheduler').call('count_held_messages')).toEqual([{ messages: 0, oldest_seconds: 0 }]);
    await start();
    await db.clock.advance(2_000);
    await start();
    const [counted] = await db.call<{ messages: number; oldest_seconds: number }>('count_held_messages');
    expect(counted!.messages).toBe(2);
    expect(counted!.oldest_seconds).toBeGreaterThanOrEqual(2);
  });
});

describe('a list that was lost in a crash', () => {
  it('is made anew from the tasks that are queued, and nothing of it is in a queue before it is confirmed again', async () => {
    const [quorum, local] = [await start(), await start('local')];
    await db.make.forgetUnlogged();
    await db.make.rebuild();
    expect([await slugs(quorum), await queued(quorum), await queued(local)]).toEqual([['a'], [], ['a']]);
    await confirm();
    await release();
    expect(await queued(quorum)).toEqual(['a']);
  });

  it('and a rebuild that finds it finds nothing missing', async () => {
    await start();
    await db.sql('delete from workflow.queue_marker');
    expect(await db.make.rebuild()).toMatchObject({ restored: 0 });
    expect(await slugs()).toEqual(['a']);
  });
});

describe('a group that is moved away', () => {
  it('is not stopped while messages of it are held, unless its time is over', async () => {
    await start();
    const groups = [await homes.groupOf(tenant())];
    await db.call('begin_move', [await homes.token(), groups, 'b', 60_000]);
    expect((await db.call('observe_moves'))[0]).toMatchObject({ in_flight: 0, held: 1, may_stop: false });
    await db.clock.advance(60_000 + 600_000);
    expect((await db.call('observe_moves'))[0]).toMatchObject({ held: 1, may_stop: true });
  });
});

describe('a group that is taken over', () => {
  /** Of region b, which this region takes over: a quorum run and a local one. */
  const runsOfAnother = async () => {
    await db.sql('delete from workflow.mesh');
    const [quorum, local] = await db.make.startAll([
      { tenant_id: homes.tenantOf('b'), workflow: 'w' },
      { tenant_id: homes.tenantOf('b'), workflow: 'w' },
    ]);
    await db.sql(`update workflow.workflow_runs set durability = 'quorum' where run_id = $1`, [quorum!.run_id]);
    await db.make.forgetUnlogged();
    await db.sql(`insert into workflow.queue_marker (rebuilt_at) values (now())`);
    await db.sql(`delete from workflow.region_members; delete from workflow.placement; delete from workflow.placement_history`);
    await homes.found();
    await homes.move(2, 'here', homes.tenantOf('b'));
    await confirm();
    return { quorum: quorum!.run_id, local: local!.run_id };
  };

  it('lets the messages of quorum runs go when its marker is confirmed, and those of local ones when they are adopted', async () => {
    const { quorum, local } = await runsOfAnother();
    const token = await homes.token();
    await db.call('find_runs_to_adopt', [token, 1_000]);
    expect((await db.call('adopt_chunk', [token, 1_000]))[0]).toMatchObject({ runs: 2, done: false });
    expect(await queued(local)).toEqual(['a']);
    expect(await release()).toEqual({ released: 0, waiting: true, queues: [] });
    expect(await held(quorum)).toMatchObject([{ position: 'FFFFFFFF/FFFFFFFF' }]);
    expect((await db.call('adopt_chunk', [token, 1_000]))[0]).toMatchObject({ done: true, queues: ['#held'] });
    expect(await held(quorum)).toMatchObject([{ position: null }]);
    await release();
    expect(await queued(quorum)).toEqual(['a']);
  });

  it('and lost again before it has its marker leaves nothing in the list', async () => {
    const { quorum } = await runsOfAnother();
    const token = await homes.token();
    await db.call('find_runs_to_adopt', [token, 1_000]);
    await db.call('adopt_chunk', [token, 1_000]);
    await homes.move(3, 'c', homes.tenantOf('b'));
    await db.call('find_runs_to_adopt', [token, 1_000]);
    expect(await release()).toMatchObject({ waiting: false, queues: [] });
    expect([await held(quorum), await queued(quorum)]).toEqual([[], []]);
  });
});
