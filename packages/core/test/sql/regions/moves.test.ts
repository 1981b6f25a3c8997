// A planned move as the home's database sees it: the groups drain, then they are stopped, and nothing is lost or run twice on the way.
import { useHomes } from './homes.js';

const homes = useHomes();
const { db } = homes;
beforeEach(() => db.clock.freeze());
const tenant = () => homes.tenantOf('here');
const group = () => homes.groupOf(tenant());
const start = (of = tenant()) => db.make.start('w', {}, { tenant_id: of });
const begin = async (options: { target?: string; groups?: string[]; drainMs?: number } = {}) =>
  (
    await db.call<{ begin_move: number }>('begin_move', [
      await homes.token(),
      options.groups ?? [await group()],
      options.target ?? 'b',
      options.drainMs ?? 60_000,
    ])
  )[0]!.begin_move;
const stop = async () => (await db.call<{ stop_move: number }>('stop_move', [await homes.token(), [await group()]]))[0]!.stop_move;
const giveUp = async () =>
  (await db.call<{ give_up_move: number }>('give_up_move', [await homes.token(), [await group()]]))[0]!.give_up_move;
const seen = async () => (await db.call('observe_moves'))[0]!;

describe('a planned move', () => {
  beforeEach(async () => {
    await homes.found();
    await db.make.define({ slug: 'w', steps: [{ slug: 'a' }, { slug: 'b', depends_on: ['a'] }] });
  });

  describe('while its group drains', () => {
    it('nothing of it is claimed, and its messages stay for the time after', async () => {
      const [moving, other] = [await start(), await start(homes.tenantOf('here', 1))];
      await begin();
      const worker = await db.make.worker();
      expect(await worker.claim()).toMatchObject([{ run_id: other }]);
      expect(await db.make.messages('default', moving)).toHaveLength(1);
      await giveUp();
      await db.clock.advance(1_000);
      expect(await worker.claim()).toMatchObject([{ run_id: moving }]);
    });

    it('no run of it is started; a key that is taken is answered as ever', async () => {
      const request = { tenant_id: tenant(), workflow: 'w', idempotency_key: 'k' };
      const [first] = await db.make.startAll([request]);
      await begin();
      expect(await db.make.startAll([request, { ...request, idempotency_key: 'l' }])).toMatchObject([
        { outcome: 'existing', run_id: first!.run_id },
        { outcome: 'not_home' },
      ]);
    });

    it('what runs may finish, but hands nothing over', async () => {
      const runId = await start();
      const worker = await db.make.worker({
        runnableSteps: [
          ['w', 'a'],
          ['w', 'b'],
        ],
      });
      const task = await worker.claimOne();
      await begin();
      const { answers, handed } = await worker.completeAndTake([[task, 1]]);
      expect([answers, handed]).toMatchObject([[{ verdict: 'accepted' }], []]);
      expect(await db.make.task(runId, 'b')).toMatchObject({ status: 'queued' });
    });

    it('waits for a claim that is under way: it is in flight when the group drains', async () => {
      await start();
      const worker = await db.make.worker();
      const [claiming, moving] = [await db.session(), await db.session()];
      await claiming.begin();
      await worker.using(claiming).claimOne();
      const token = await homes.token();
      const groups = [await group()];
      const beginning = moving.start(() => moving.call('begin_move', [token, groups, 'b', 60_000]));
      await moving.waitUntilBlocked();
      await claiming.commit();
      await beginning;
      expect(await seen()).toMatchObject({ mark: 'draining', in_flight: 1, may_stop: false });
    });

    it('workers are told to give back what still runs when its time is over, and not before', async () => {
      await start();
      const worker = await db.make.worker();
      const task = await worker.claimOne();
      await begin({ drainMs: 60_000 });
      expect((await worker.heartbeat([task])).aborts).toEqual([]);
      await db.clock.advance(60_001);
      expect((await worker.heartbeat([task])).aborts).toMatchObject([{ run_id: task.run_id, reason: 'moving' }]);
      expect(await worker.release(task, 'aborted')).toMatchObject({ verdict: 'accepted' });
      expect(await seen()).toMatchObject({ in_flight: 0, may_stop: true });
    });

    it('twice is once: it keeps its time', async () => {
      expect(await begin({ drainMs: 60_000 })).toBe(1);
      const [{ drain_until }] = (await db.sql('select drain_until from workflow.group_moves')) as [{ drain_until: Date }];
      expect(await begin({ drainMs: 0 })).toBe(1);
      expect(await db.sql('select drain_until from workflow.group_moves')).toEqual([{ drain_until }]);
    });
  });

  describe('is refused', () => {
    it.each(['here', 'nowhere'])('to %s', async (target) => {
      await expect(begin({ target })).rejects.toMatchObject({ code: 'WF001' });
    });

    it('to a member that is not full', async () => {
      await db.sql(`update workflow.region_members set state = 'joining' where region = 'b'`);
      await expect(begin()).rejects.toMatchObject({ code: 'WF001' });
    });

    it('to another region than the one that it is on its way to', async () => {
      await begin({ target: 'b' });
      await expect(begin({ target: 'c' })).rejects.toMatchObject({ code: 'WF001' });
    });

    it('for a group that is not at home here, without a lease, and before the group is adopted', async () => {
      const foreign = await homes.groupOf(homes.tenantOf('b'));
      await expect(begin({ groups: [await group(), foreign] })).rejects.toMatchObject({ code: 'WF218' });
      await homes.move(2, 'here', homes.tenantOf('b'));
      await expect(begin({ groups: [foreign], target: 'c' })).rejects.toMatchObject({ code: 'WF218' });
      await homes.setLease(false);
      await expect(begin()).rejects.toMatchObject({ code: 'WF218' });
      expect(await db.sql('select * from workflow.group_moves')).toEqual([]);
    });

    it('of a zone to a region outside of it', async () => {
      await db.sql(`update workflow.placement set placement_group = 'de/1' where placement_group = $1`, [await group()]);
      await db.sql(`update workflow.placement_history set placement_group = 'de/1' where placement_group = $1`, [await group()]);
      await expect(begin({ groups: ['de/1'] })).rejects.toMatchObject({ code: 'WF001' });
    });
  });

  describe('is stopped', () => {
    it('only when nothing of it is in flight', async () => {
      await start();
      const worker = await db.make.worker();
      const task = await worker.claimOne();
      await begin({ drainMs: 0 });
      expect(await stop()).toBe(0);
      await worker.complete(task, 1);
      expect(await stop()).toBe(1);
    });

    it('or when whoever is silent has been without a lease for as long as one lasts', async () => {
      await start();
      const worker = await db.make.worker();
      const task = await worker.claimOne();
      await begin({ drainMs: 1_000 });
      await homes.extendLease();
      await db.clock.advance(601_001);
      expect(await stop()).toBe(1);
      expect(await worker.complete(task, 1)).toMatchObject({ verdict: 'not_home' });
    });

    it('and then nothing of it is written', async () => {
      const runId = await start();
      await begin();
      await stop();
      expect(await db.call('cancel_runs', [[runId]])).toMatchObject([{ verdict: 'not_home' }]);
      expect(await db.make.startAll([{ tenant_id: tenant(), workflow: 'w' }])).toMatchObject([{ outcome: 'not_home' }]);
      expect(await (await db.make.worker()).claim()).toEqual([]);
      expect(await db.make.messages('default', runId)).toHaveLength(1);
    });

    it('behind every write: one that is under way is waited for', async () => {
      const runId = await start();
      await begin();
      const [writing, stopping] = [await db.session(), await db.session()];
      await writing.begin();
      await writing.call('cancel_runs', [[runId]]);
      const token = await homes.token();
      const groups = [await group()];
      const pending = stopping.start(() => stopping.call('stop_move', [token, groups]));
      await stopping.waitUntilBlocked();
      const [{ lsn }] = (await writing.sql('select pg_current_wal_insert_lsn() as lsn')) as [{ lsn: string }];
      await writing.commit();
      await pending;
      expect(await db.sql('select stopped_position >= $1 as behind from workflow.group_moves', [lsn])).toEqual([{ behind: true }]);
    });

    it('and ends with the epoch that moves it: at its new home it is another tenure', async () => {
      const runId = await start();
      await begin();
      await stop();
      await homes.move(2, 'b', tenant());
      expect(await db.call('cancel_runs', [[runId]])).toMatchObject([{ verdict: 'not_home' }]);
    });
  });

  describe('that was proposed', () => {
    const propose = async (epoch: number) => db.call('note_proposed_move', [await homes.token(), epoch, [await group()]]);

    it('only when it is stopped and its target has all', async () => {
      await begin();
      expect(await propose(2)).toEqual([]);
      await stop();
      expect(await propose(2)).toEqual([]); // there is no slot here, so nothing is confirmed
      expect(await seen()).toMatchObject({ mark: 'stopped', confirmed: false });
    });

    it('is given up only when its epoch was decided otherwise', async () => {
      await begin();
      await stop();
      await db.sql('update workflow.group_moves set proposed_epoch = 2');
      expect(await giveUp()).toBe(0);
      await db.sql('update workflow.mesh set last_epoch = 2');
      expect(await giveUp()).toBe(1);
      expect(await db.make.startAll([{ tenant_id: tenant(), workflow: 'w' }])).toMatchObject([{ outcome: 'created' }]);
    });
  });

  it('is for the leading monitor only', async () => {
    await homes.token();
    const groups = [await group()];
    for (const [fn, args] of [
      ['begin_move', [999, groups, 'b', 0]],
      ['stop_move', [999, groups]],
      ['give_up_move', [999, groups]],
      ['note_proposed_move', [999, 2, groups]],
    ] as const)
      await expect(db.call(fn, [...args])).rejects.toMatchObject({ code: 'WF302' });
  });
});

describe('a heartbeat', () => {
  it('tells to abort what is at home elsewhere by now', async () => {
    await homes.found();
    await db.make.define('w', 'a');
    await start();
    const worker = await db.make.worker();
    const task = await worker.claimOne();
    await homes.move(2, 'c', tenant());
    expect((await worker.heartbeat([task])).aborts).toMatchObject([{ run_id: task.run_id, reason: 'lost' }]);
  });
});
