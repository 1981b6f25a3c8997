import { randomUUID } from 'node:crypto';
import { useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();

describe('record_failover_event', () => {
  it('keeps who followed whom, and why, at the time of the database', async () => {
    await db.clock.freeze();
    const recordedBy = randomUUID();
    const event = {
      kind: 'leader_changed',
      subject: 'scheduler',
      former: 'a',
      successor: 'b',
      reason: 'the lease ran out',
      cause: null,
      without_ms: 12,
      recorded_by: recordedBy,
    };
    const [{ record_failover_event: id }] = (await db.call<{ record_failover_event: number }>('record_failover_event', [event])) as [
      { record_failover_event: number },
    ];
    expect(await db.sql('select * from workflow.failover_events')).toEqual([{ event_id: id, occurred_at: await db.clock.now(), ...event }]);
  });

  it('refuses an event without a reason', async () => {
    await expect(db.call('record_failover_event', [{ kind: 'leader_changed', subject: 'scheduler' }])).rejects.toMatchObject({
      code: '23502',
    });
  });
});
