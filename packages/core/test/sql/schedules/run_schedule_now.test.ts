// run_schedule_now: a run beside the slots.
import { useTestDatabase } from '@singularity-workflow/testkit';
import { create, runsOf, scheduleOf } from './support.js';

const db = useTestDatabase();
beforeEach(() => db.clock.freeze());
beforeEach(() => db.make.define({ slug: 'w', steps: [{ slug: 'a', queue: 'nightly_queue' }] }));
const runNow = (key: string | null = null, name = 'nightly') =>
  db.call<{ outcome: string; run_id: string; queues: string[] }>('run_schedule_now', ['acme', name, key]);

describe('run_schedule_now', () => {
  it('starts a run with what the schedule says, and touches no slot', async () => {
    const before = await create(db, { input: { n: 1 }, labels: { team: 'x' }, priority: 'high' });
    expect(await runNow()).toMatchObject([{ outcome: 'created', queues: ['nightly_queue'] }]);
    expect(await runsOf(db)).toMatchObject([
      { input: { n: 1 }, labels: { schedule: 'nightly', team: 'x' }, priority: 2, idempotency_key: null, run_at: null, status: 'started' },
    ]);
    expect(await scheduleOf(db)).toMatchObject({ revision: before.revision, next_fire_at: before.next_fire_at, last_run_id: null });
  });

  it('is a run for each call, and one for each key', async () => {
    await create(db);
    await runNow();
    await runNow();
    const [first] = await runNow('k');
    expect(await runNow('k')).toMatchObject([{ outcome: 'existing', run_id: first!.run_id }]);
    expect(await runsOf(db)).toHaveLength(3);
  });

  it('runs a paused schedule too', async () => {
    await create(db, { paused: true });
    expect(await runNow()).toMatchObject([{ outcome: 'created' }]);
  });

  it('of what is not there, or was deleted, is refused', async () => {
    await expect(runNow(null, 'none')).rejects.toMatchObject({ code: 'WF401' });
    await create(db);
    await db.call('delete_schedule', ['acme', 'nightly']);
    await expect(runNow()).rejects.toMatchObject({ code: 'WF401' });
  });
});
