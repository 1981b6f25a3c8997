// When messages of runs with durability quorum are let go, and what becomes of those that are held back (R11).
import { useHeld } from './held.js';

const { homes, tenant, start, held, slugs, queued, release, confirm } = useHeld();
const { db } = homes;

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
    const runs: string[] = [];
    for (const nth of [1, 0, 2]) {
      runs.push(await start('quorum', { tenant_id: tenant(nth) }));
      await release(); // each has a position of its own
    }
    const [stopped, moved, free] = runs as [string, string, string];
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
