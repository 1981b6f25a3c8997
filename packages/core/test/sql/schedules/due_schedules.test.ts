// due_schedules: which, in which order, and what of them was missed.
import { randomUUID } from 'node:crypto';
import { useTestDatabase } from '@singularity-workflow/testkit';
import { create, type DueRow, MINUTE_MS, slotIn, until } from './support.js';

const db = useTestDatabase();
beforeEach(() => db.clock.freeze());
beforeEach(() => db.make.define('w', 'a'));
const due = (limit = 100) => db.call<DueRow>('due_schedules', [limit]);

describe('due_schedules', () => {
  it('names what is due, longest due first, and no more than asked for', async () => {
    const [first, second, third] = [await slotIn(db, 1), await slotIn(db, 2), await slotIn(db, 3)];
    await create(db, { name: 'c', next_fire_at: third });
    await create(db, { name: 'b', next_fire_at: second, input: 'four' });
    await create(db, { name: 'a', next_fire_at: first });
    await create(db, { name: 'paused', next_fire_at: first, paused: true });
    expect(await due()).toEqual([]);
    await until(db, second);
    expect((await due()).map(({ name }) => name)).toEqual(['a', 'b']);
    expect((await due(1)).map(({ name }) => name)).toEqual(['a']);
    expect((await due())[1]).toMatchObject({ revision: 1, next_fire_at: second, offset_ms: 0, input_bytes: 6 });
  });

  it('waits for the share of the jitter, and says it', async () => {
    const { next_fire_at, due_at } = await create(db, { jitter_ms: 50_000, name: 'later' });
    const offset = due_at!.getTime() - next_fire_at!.getTime();
    expect(offset).toBeGreaterThan(0);
    await until(db, next_fire_at!, offset - 500);
    expect(await due()).toEqual([]);
    await until(db, next_fire_at!, offset);
    expect(await due()).toMatchObject([{ name: 'later', offset_ms: offset, next_fire_at }]);
  });

  it('counts as missed what was due a minute and more before the leader began', async () => {
    const { next_fire_at } = await create(db);
    await until(db, next_fire_at!, 3_600_000);
    const begun = await db.clock.now();
    await db.call('acquire_lease', ['scheduler', randomUUID(), 10_000]);
    const [row] = await due();
    expect(row!.missed_before).toEqual(new Date(begun.getTime() - MINUTE_MS));
    await db.clock.advance(9_000);
    await db.call('set_limit', ['schedule_grace_ms', 1]);
    const [later] = await due();
    expect(later!.missed_before.getTime() - row!.missed_before.getTime()).toBe(MINUTE_MS - 1);
  });
});
