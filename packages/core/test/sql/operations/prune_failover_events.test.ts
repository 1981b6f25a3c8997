import { useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();
const record = (kind: string, subject: string) => db.call('record_failover_event', [{ kind, subject, reason: 'a test wants it' }]);
const subjects = async () =>
  (await db.sql<{ subject: string }>('select subject from workflow.failover_events order by event_id')).map(({ subject }) => subject);
const prune = async (limit = 100): Promise<number> => {
  const token = await db.make.leaderToken('failover-monitor');
  return (await db.call<{ prune_failover_events: number }>('prune_failover_events', [token, limit]))[0]!.prune_failover_events;
};

describe('prune_failover_events', () => {
  it('keeps the newest events up to the bound, and every change of a leader', async () => {
    await db.call('set_limit', ['failover_events_max', 2]);
    await record('leader_changed', 'scheduler');
    for (const worker of ['a', 'b', 'c', 'd']) await record('worker_expired', worker);
    expect(await prune(1)).toBe(1);
    expect(await prune()).toBe(1);
    expect(await subjects()).toEqual(['scheduler', 'c', 'd']);
    expect(await prune()).toBe(0);
  });

  it('is for the leader only', async () => {
    await expect(db.call('prune_failover_events', [99, 100])).rejects.toMatchObject({ code: 'WF302' });
  });
});
