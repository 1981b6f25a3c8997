// fire_schedules: one run a slot, whoever calls it how often, and every schedule moved on.
import { randomUUID } from 'node:crypto';
import { brokenLaws, useTestDatabase } from '@singularity-workflow/testkit';
import { create, fire, MINUTE_MS, nextFiring, rowsReadBy, runsOf, scheduleOf, slotIn, until } from './support.js';

const db = useTestDatabase();
beforeEach(() => db.clock.freeze());
beforeEach(() => db.make.define({ slug: 'w', steps: [{ slug: 'a', queue: 'slot_queue' }] }));
const key = (slot: Date, name = 'nightly') => `schedule/${name}/${slot.toISOString().slice(0, 19)}Z`;
const after = (slot: Date, minutes: number) => new Date(slot.getTime() + minutes * MINUTE_MS);

describe('fire_schedules', () => {
  it('starts the run of a slot, keyed by schedule and slot, and moves on to the next', async () => {
    const { next_fire_at: slot } = await create(db, { input: { n: 1 }, labels: { team: 'x' }, priority: 'low', version: 1 });
    await until(db, slot!);
    const firing = await nextFiring(db);
    expect(await fire(db, [firing])).toEqual([
      { ordinal: 1, verdict: 'fired', started: 1, existing: 0, refused: 0, error: null, queues: ['slot_queue'] },
    ]);
    const [run] = await runsOf(db);
    expect(run).toMatchObject({
      idempotency_key: key(slot!),
      run_at: slot,
      input: { n: 1 },
      labels: { schedule: 'nightly', team: 'x' },
      priority: 0,
      status: 'started',
    });
    expect(await scheduleOf(db)).toMatchObject({
      revision: 2,
      next_fire_at: firing.next_fire_at,
      due_at: firing.next_fire_at,
      last_slot_at: slot,
      last_run_id: run!.run_id,
      last_error: null,
    });
    expect(await brokenLaws(db)).toEqual([]);
  });

  it('starts each of several slots, in order, and keeps the jitter out of them', async () => {
    const { next_fire_at } = await create(db, { jitter_ms: 20_000 });
    const slots = [0, 1, 2].map((minutes) => after(next_fire_at!, minutes));
    await until(db, slots[2]!, 20_000);
    const { due_at } = await scheduleOf(db);
    const { revision } = await scheduleOf(db);
    expect(await fire(db, [{ name: 'nightly', revision, slots, next_fire_at: after(slots[2]!, 1) }])).toMatchObject([
      { verdict: 'fired', started: 3 },
    ]);
    expect((await runsOf(db)).map(({ idempotency_key, run_at }) => [idempotency_key, run_at])).toEqual(
      slots.map((slot) => [key(slot), slot]),
    );
    expect((await scheduleOf(db)).due_at!.getTime() - due_at!.getTime()).toBe(3 * MINUTE_MS);
  });

  it('passes over what was missed where no slot is given', async () => {
    const { next_fire_at: slot } = await create(db);
    await until(db, slot!, 10 * MINUTE_MS);
    expect(await fire(db, [{ name: 'nightly', revision: 1, slots: [], next_fire_at: after(slot!, 11) }])).toMatchObject([
      { verdict: 'fired', started: 0 },
    ]);
    expect(await runsOf(db)).toEqual([]);
    expect(await scheduleOf(db)).toMatchObject({ next_fire_at: after(slot!, 11), last_slot_at: null });
  });

  it('the same call again fires nothing', async () => {
    const { next_fire_at: slot } = await create(db);
    await until(db, slot!);
    const firing = await nextFiring(db);
    await fire(db, [firing]);
    expect(await fire(db, [firing])).toMatchObject([{ verdict: 'changed', started: 0 }]);
    expect(await runsOf(db)).toHaveLength(1);
  });

  it('by two at the same moment is one run', async () => {
    const { next_fire_at: slot } = await create(db);
    await until(db, slot!);
    const firing = await nextFiring(db);
    const token = await db.make.leaderToken();
    const [one, other] = [await db.session('workflow_scheduler'), await db.session('workflow_scheduler')];
    await one.begin();
    expect(await fire(db, [firing], one, token)).toMatchObject([{ verdict: 'fired' }]);
    const pending = other.start(() => fire(db, [firing], other, token));
    await other.waitUntilBlocked();
    await one.commit();
    expect(await pending).toMatchObject([{ verdict: 'changed', started: 0 }]);
    expect(await runsOf(db)).toHaveLength(1);
  });

  it('of a slot whose run exists already starts no other, even where the schedule has forgotten it', async () => {
    const { next_fire_at: slot } = await create(db);
    await until(db, slot!);
    const firing = await nextFiring(db);
    await fire(db, [firing]);
    await db.sql(`update workflow.workflow_schedules set revision = 1, next_fire_at = $1, due_at = $1`, [slot]);
    expect(await fire(db, [firing])).toMatchObject([{ verdict: 'fired', started: 0, existing: 1, refused: 0 }]);
    expect(await runsOf(db)).toHaveLength(1);
  });

  it('refuses whoever has lost the lease, though what it saw is still true', async () => {
    const { next_fire_at: slot } = await create(db);
    await until(db, slot!);
    const firing = await nextFiring(db);
    const [former] = await db.call<{ token: number }>('acquire_lease', ['scheduler', randomUUID(), 1_000]);
    await db.clock.advance(1_001);
    await db.make.leaderToken();
    await expect(fire(db, [firing], db, former!.token)).rejects.toMatchObject({ code: 'WF302' });
    expect(await runsOf(db)).toEqual([]);
  });

  it.each([
    ['is paused', `update_schedule('acme', 'nightly', '{"paused": true}', null)`],
    ['is deleted', `delete_schedule('acme', 'nightly')`],
    ['has another input', `update_schedule('acme', 'nightly', '{"input": 5}', null)`],
  ])('changes nothing of a schedule that %s since it was read', async (_, change) => {
    const { next_fire_at: slot } = await create(db);
    await until(db, slot!);
    const firing = await nextFiring(db);
    await db.sql(`select from workflow.${change}`);
    expect(await fire(db, [firing])).toMatchObject([{ verdict: 'changed', started: 0 }]);
    expect(await runsOf(db)).toEqual([]);
  });

  it('answers each of a batch on its own, with the queues in the first row', async () => {
    await db.make.define('gone', 'a');
    const { next_fire_at: slot } = await create(db, { name: 'a' });
    await create(db, { name: 'b' });
    await create(db, { name: 'c', workflow: 'gone' });
    await create(db, { name: 'd', next_fire_at: await slotIn(db, 5) });
    await db.sql(`delete from workflow.workflow_versions where slug = 'gone'`);
    await until(db, slot!);
    const firings = [];
    for (const name of ['a', 'b', 'c', 'd']) firings.push(await nextFiring(db, name));
    const unknown = { ...firings[0]!, name: 'unknown' };
    expect(await fire(db, [{ ...firings[0]!, revision: 9 }, firings[1]!, firings[2]!, firings[3]!, unknown, firings[1]!])).toMatchObject([
      { ordinal: 1, verdict: 'changed', queues: ['slot_queue'] },
      { ordinal: 2, verdict: 'fired', started: 1, queues: null },
      { ordinal: 3, verdict: 'fired', started: 0, refused: 1, error: { code: 'unknown_workflow', slot: expect.any(String) } },
      { ordinal: 4, verdict: 'changed' },
      { ordinal: 5, verdict: 'changed' },
      { ordinal: 6, verdict: 'changed' },
    ]);
    expect(await scheduleOf(db, 'c')).toMatchObject({
      next_fire_at: firings[2]!.next_fire_at,
      last_slot_at: slot,
      last_run_id: null,
      last_error: { code: 'unknown_workflow' },
    });
  });

  it('says why a slot was refused until one starts again', async () => {
    const { next_fire_at: slot } = await create(db);
    await db.sql(`update workflow.workflow_versions set active = false`);
    await until(db, slot!);
    await fire(db, [await nextFiring(db)]);
    expect(await scheduleOf(db)).toMatchObject({ last_error: { code: 'unknown_workflow' } });
    await db.sql(`update workflow.workflow_versions set active = true`);
    await until(db, after(slot!, 1));
    expect(await fire(db, [await nextFiring(db)])).toMatchObject([{ verdict: 'fired', started: 1 }]);
    expect(await scheduleOf(db)).toMatchObject({ last_error: null, last_run_id: expect.any(String) });
  });

  it('keeps the slot of a schedule whose slots cannot be computed, and looks again in ten minutes', async () => {
    const { next_fire_at: slot } = await create(db);
    await until(db, slot!);
    const error = { code: 'bad_time_zone', message: 'nobody knows Nowhere/City here' };
    expect(await fire(db, [{ name: 'nightly', revision: 1, next_fire_at: null, error }])).toMatchObject([{ verdict: 'deferred', error }]);
    const deferred = await scheduleOf(db);
    expect(deferred).toMatchObject({ next_fire_at: slot, last_error: error, revision: 2 });
    expect(deferred.due_at!.getTime() - (await db.clock.now()).getTime()).toBeGreaterThan(9 * MINUTE_MS);
    expect(await db.call('due_schedules', [10])).toEqual([]);
    await db.clock.advance(10 * MINUTE_MS + 1);
    expect(await fire(db, [await nextFiring(db)])).toMatchObject([{ verdict: 'fired', started: 1 }]);
  });

  it.each<[string, (slot: Date) => { slots: Date[]; next_fire_at: Date | null }]>([
    ['a slot before the next one', (slot) => ({ slots: [after(slot, -1)], next_fire_at: after(slot, 1) })],
    ['slots that are out of order', (slot) => ({ slots: [after(slot, 1), slot], next_fire_at: after(slot, 2) })],
    ['a slot twice', (slot) => ({ slots: [slot, slot], next_fire_at: after(slot, 1) })],
    ['a slot that is not due', (slot) => ({ slots: [slot, after(slot, 60)], next_fire_at: after(slot, 61) })],
    ['a next slot that is one of them', (slot) => ({ slots: [slot, after(slot, 1)], next_fire_at: after(slot, 1) })],
    ['no progress', (slot) => ({ slots: [], next_fire_at: slot })],
  ])('defers %s, which no scheduler computes', async (_, given) => {
    const { next_fire_at: slot } = await create(db);
    await until(db, slot!, 5 * MINUTE_MS);
    expect(await fire(db, [{ name: 'nightly', revision: 1, ...given(slot!) }])).toMatchObject([
      { verdict: 'deferred', error: { code: 'invalid_request' } },
    ]);
    expect(await runsOf(db)).toEqual([]);
    expect(await scheduleOf(db)).toMatchObject({ next_fire_at: slot });
  });

  it('never fires again a schedule that has no next slot', async () => {
    const { next_fire_at: slot } = await create(db);
    await until(db, slot!);
    await fire(db, [{ ...(await nextFiring(db)), next_fire_at: null }]);
    expect(await scheduleOf(db)).toMatchObject({ next_fire_at: null, due_at: null, last_slot_at: slot });
    await db.clock.advance(365 * 86_400_000);
    expect(await db.call('due_schedules', [10])).toEqual([]);
  });

  it('refuses more slots in one call than the bound', async () => {
    const { next_fire_at: slot } = await create(db);
    await db.call('set_limit', ['batch_max', 3]);
    const slots = [0, 1, 2, 3].map((minutes) => after(slot!, minutes));
    await until(db, slots[3]!);
    await expect(fire(db, [{ name: 'nightly', revision: 1, slots, next_fire_at: after(slot!, 4) }])).rejects.toMatchObject({
      code: 'WF002',
    });
    await expect(db.call('fire_schedules', [await db.make.leaderToken(), '{}'])).rejects.toMatchObject({ code: 'WF001' });
  });

  /** Fires 1,000 schedules of as many tenants in one call, and answers how many rows that read for each. */
  async function rowsReadForEach(): Promise<number> {
    const next = await slotIn(db, 1);
    await db.sql(
      `select from generate_series(1, 1000) n, lateral workflow.create_schedule(jsonb_build_object('tenant_id', 't' || n, 'name', 's', 'cron', '* * * * *',
         'time_zone', 'UTC', 'workflow', 'w', 'next_fire_at', $1::timestamptz))`,
      [next],
    );
    await until(db, next);
    const firings = Array.from({ length: 1_000 }, (_, i) => ({
      tenant_id: `t${i + 1}`,
      name: 's',
      revision: 1,
      slots: [next],
      next_fire_at: after(next, 1),
    }));
    const { rows, result: answers } = await rowsReadBy(db, (session) => fire(db, firings, session));
    expect(answers.every(({ verdict, started }) => verdict === 'fired' && started === 1)).toBe(true);
    return rows / firings.length;
  }

  it('fires 1,000 schedules of as many tenants in one call, each once, and reads few rows for each', async () => {
    expect(await rowsReadForEach()).toBeLessThan(100);
    expect(await db.sql('select count(*)::int as runs, count(distinct tenant_id)::int as tenants from workflow.workflow_runs')).toEqual([
      { runs: 1_000, tenants: 1_000 },
    ]);
    expect(await brokenLaws(db)).toEqual([]);
  });

  it('reads no more for each where the statistics are of the time when the table had been emptied', async () => {
    await create(db);
    await db.sql('delete from workflow.workflow_schedules');
    await db.sql('analyze workflow.workflow_schedules');
    expect(await rowsReadForEach()).toBeLessThan(100);
  });
});
