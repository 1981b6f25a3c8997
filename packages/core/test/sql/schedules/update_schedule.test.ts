// update_schedule and delete_schedule: what changes, what begins anew, what is gone.
import { json, useTestDatabase } from '@singularity-workflow/testkit';
import { create, fire, MINUTE_MS, nextFiring, type ScheduleRow, scheduleOf, slotIn, until } from './support.js';

const db = useTestDatabase();
beforeEach(() => db.clock.freeze());
beforeEach(async () => {
  await db.make.define('w', 'a');
  await db.make.define('v', 'a');
});

async function update(change: object, revision: number | null = null, name = 'nightly'): Promise<ScheduleRow> {
  const [row] = await db.call<ScheduleRow>('update_schedule', ['acme', name, json(change), revision]);
  return row!;
}

describe('update_schedule', () => {
  it('changes what is given and leaves the rest', async () => {
    const before = await create(db, { input: { n: 1 }, labels: { a: 'b' }, version: 1 });
    expect(await update({ workflow: 'v', version: null, priority: 'low', catch_up: 'none' })).toMatchObject({
      workflow: 'v',
      version: null,
      priority: 0,
      catch_up: 'none',
      input: { n: 1 },
      labels: { a: 'b' },
      revision: 2,
      next_fire_at: before.next_fire_at,
    });
  });

  it('that changes nothing writes nothing', async () => {
    await create(db, { input: { n: 1 } });
    expect(await update({ input: { n: 1 }, paused: false })).toMatchObject({ revision: 1 });
  });

  it('to another jitter is due anew for the same slot', async () => {
    const { next_fire_at } = await create(db);
    const moved = await update({ jitter_ms: 86_400_000 });
    expect(moved.next_fire_at).toEqual(next_fire_at);
    expect(moved.due_at!.getTime()).toBeGreaterThan(next_fire_at!.getTime());
  });

  it('that pauses takes the next slot away, and the end of the pause needs a new one', async () => {
    await create(db);
    expect(await update({ paused: true })).toMatchObject({ paused: true, next_fire_at: null, due_at: null });
    await expect(update({ paused: false })).rejects.toMatchObject({ code: 'WF407', detail: expect.stringContaining('"revision": 2') });
    const next = await slotIn(db, 3);
    expect(await update({ paused: false, next_fire_at: next })).toMatchObject({ paused: false, next_fire_at: next, due_at: next });
  });

  it.each([
    ['another cron expression', { cron: '0 0 * * *' }],
    ['another time zone', { time_zone: 'Europe/Berlin' }],
  ])('to %s needs the slot that it begins with', async (_, change) => {
    await create(db);
    await expect(update(change)).rejects.toMatchObject({
      code: 'WF407',
      detail: expect.stringContaining(JSON.stringify(Object.values(change)[0])),
    });
    const next = await slotIn(db, 9);
    expect(await update({ ...change, next_fire_at: next })).toMatchObject({ ...change, next_fire_at: next });
    await expect(update({ cron: '1 1 * * *', next_fire_at: new Date(Date.now() - 2 * MINUTE_MS) })).rejects.toMatchObject({
      code: 'WF217',
    });
  });

  it('for another revision than the one that its slot was computed for is refused', async () => {
    const { next_fire_at } = await create(db);
    await until(db, next_fire_at!);
    await fire(db, [await nextFiring(db)]);
    await expect(update({ cron: '0 0 * * *', next_fire_at: await slotIn(db, 9) }, 1)).rejects.toMatchObject({
      code: 'WF406',
      detail: expect.stringContaining('"revision": 2'),
    });
    expect(await update({ cron: '0 0 * * *', next_fire_at: await slotIn(db, 9) }, 2)).toMatchObject({ revision: 3 });
  });

  it('waits for a firing under way, and goes on from there', async () => {
    const { next_fire_at } = await create(db);
    await until(db, next_fire_at!);
    const firing = await nextFiring(db);
    const token = await db.make.leaderToken();
    const [leader, user] = [await db.session(), await db.session()];
    await leader.begin();
    expect(await fire(db, [firing], leader, token)).toMatchObject([{ verdict: 'fired' }]);
    const pending = user.start(() => user.call<ScheduleRow>('update_schedule', ['acme', 'nightly', json({ input: 7 }), null]));
    await user.waitUntilBlocked();
    await leader.commit();
    expect(await pending).toMatchObject([{ input: 7, revision: 3, next_fire_at: firing.next_fire_at }]);
  });

  it.each([
    ['an unknown workflow', { workflow: 'none' }, 'WF201', 'workflow'],
    ['labels that are none', { labels: 'x' }, 'WF216', 'labels'],
    ['no rule', { catch_up: null }, 'WF001', 'catch_up'],
    ['a priority that there is not', { priority: 'urgent' }, 'WF001', 'priority'],
  ])('refuses %s and changes nothing', async (_, change, code, field) => {
    await create(db);
    await expect(update(change)).rejects.toMatchObject({ code, detail: expect.stringContaining(`"field": "${field}"`) });
    expect(await scheduleOf(db)).toMatchObject({ revision: 1 });
  });

  it('of what is not there, or was deleted, is refused', async () => {
    await expect(update({ input: 1 })).rejects.toMatchObject({ code: 'WF401', detail: expect.stringContaining('"field": "name"') });
    await create(db);
    await db.call('delete_schedule', ['acme', 'nightly']);
    await expect(update({ input: 1 })).rejects.toMatchObject({ code: 'WF401' });
  });
});

describe('delete_schedule', () => {
  it('marks the row, which fires no more and keeps nothing of what it would have sent', async () => {
    const { next_fire_at } = await create(db, { input: { secret: 1 }, labels: { a: 'b' } });
    const firing = await nextFiring(db);
    await db.call('delete_schedule', ['acme', 'nightly']);
    expect(await scheduleOf(db)).toMatchObject({ revision: 2, deleted_at: expect.any(Date), due_at: null, input: null, labels: {} });
    await until(db, next_fire_at!);
    expect(await db.call('due_schedules', [10])).toEqual([]);
    expect(await fire(db, [{ ...firing, revision: 2 }])).toMatchObject([{ verdict: 'changed', started: 0 }]);
  });

  it('twice is refused the second time', async () => {
    await create(db);
    await db.call('delete_schedule', ['acme', 'nightly']);
    await expect(db.call('delete_schedule', ['acme', 'nightly'])).rejects.toMatchObject({ code: 'WF401' });
  });
});
