// assert_lease is called by SQL only: every function of a leader is tried with every wrong token here.
import { randomUUID } from 'node:crypto';
import { useTestDatabase } from '@singularity-workflow/testkit';

const TTL_MS = 10_000;
const db = useTestDatabase();
beforeEach(() => db.clock.freeze());

const ofScheduler: [fn: string, rest: unknown[]][] = [
  ['requeue_lost_tasks', [10]],
  ['start_due_runs', [10]],
  ['fail_overdue_runs', [10]],
  ['rebuild_queue', [null, 10]],
  ['advance_horizon', [10]],
  ['prune_runs', [new Date(), 10]],
  ['fire_schedules', ['[]']],
];
const ofMonitor: [fn: string, rest: unknown[]][] = [
  ['expire_workers', [10]],
  ['prune_workers', [3_600_000, 10]],
  ['prune_failover_events', [10]],
  ['fence_leader', ['scheduler', null, 'a test']],
];
const all = [
  ...ofScheduler.map(([fn, rest]) => [fn, 'scheduler', rest] as const),
  ...ofMonitor.map(([fn, rest]) => [fn, 'failover-monitor', rest] as const),
];

describe('assert_lease', () => {
  it.each(all)('lets %s pass with the token of the lease %s', async (fn, lease, rest) => {
    const token = await db.make.leaderToken(lease);
    await expect(db.call(fn, [token, ...rest])).resolves.toBeDefined();
  });

  it.each(all)('refuses %s once the lease %s has run out', async (fn, lease, rest) => {
    const [{ token }] = (await db.call<{ token: number }>('acquire_lease', [lease, randomUUID(), TTL_MS])) as [{ token: number }];
    await db.clock.advance(TTL_MS + 1);
    await expect(db.call(fn, [token, ...rest])).rejects.toMatchObject({ code: 'WF302' });
  });

  it.each(all)('refuses %s with the token of a former holder of %s', async (fn, lease, rest) => {
    const [{ token }] = (await db.call<{ token: number }>('acquire_lease', [lease, randomUUID(), TTL_MS])) as [{ token: number }];
    await db.clock.advance(TTL_MS + 1);
    await db.make.leaderToken(lease);
    await expect(db.call(fn, [token, ...rest])).rejects.toMatchObject({ code: 'WF302' });
  });

  it.each(all)('refuses %s without a token, whoever holds %s', async (fn, lease, rest) => {
    await db.make.leaderToken(lease);
    await expect(db.call(fn, [null, ...rest])).rejects.toMatchObject({ code: 'WF302' });
  });

  it.each(all)('refuses %s with the token of another lease than %s', async (fn, lease, rest) => {
    const other = await db.make.leaderToken(lease === 'scheduler' ? 'failover-monitor' : 'scheduler');
    await expect(db.call(fn, [other, ...rest])).rejects.toMatchObject({ code: 'WF302' });
  });

  it('holds the lease until the write that it protects has committed', async () => {
    const holder = randomUUID();
    const [{ token }] = (await db.call<{ token: number }>('acquire_lease', ['scheduler', holder, TTL_MS])) as [{ token: number }];
    const [leader, rival] = [await db.session(), await db.session()];
    await leader.begin();
    await leader.call('start_due_runs', [token, 10]);
    await db.clock.advance(TTL_MS + 1);
    const pending = rival.start(() => rival.call<{ acquired: boolean }>('acquire_lease', ['scheduler', randomUUID(), TTL_MS]));
    await rival.waitUntilBlocked();
    await leader.commit();
    expect((await pending)[0]).toMatchObject({ acquired: true });
  });
});
