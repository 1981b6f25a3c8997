// create_schedule: what is stored, what is the same, what is refused and by which field.
import { useTestDatabase } from '@singularity-workflow/testkit';
import { create, MINUTE_MS, scheduleOf, slotIn } from './support.js';

const db = useTestDatabase();
beforeEach(() => db.clock.freeze());
beforeEach(() => db.make.define('w', 'a'));

describe('create_schedule', () => {
  it('stores a schedule with what was given, and what is usual where nothing was', async () => {
    const next = await slotIn(db, 1);
    expect(await create(db, { next_fire_at: next })).toMatchObject({
      created: true,
      tenant_id: 'acme',
      name: 'nightly',
      revision: 1,
      cron: '* * * * *',
      time_zone: 'UTC',
      workflow: 'w',
      version: null,
      input: null,
      labels: {},
      priority: 1,
      catch_up: 'one',
      catch_up_max: 100,
      jitter_ms: 0,
      paused: false,
      next_fire_at: next,
      due_at: next,
      last_slot_at: null,
      last_run_id: null,
      last_error: null,
      deleted_at: null,
    });
    const given = {
      name: 'hourly',
      cron: '0 * * * *',
      time_zone: 'Europe/Berlin',
      version: 1,
      input: { a: [1, null] },
      labels: { team: 'x' },
      priority: 'high',
      catch_up: 'all',
      catch_up_max: 7,
    };
    expect(await create(db, given)).toMatchObject({ ...given, priority: 2, created: true });
  });

  it('keeps a paused schedule without a next slot', async () => {
    expect(await create(db, { paused: true })).toMatchObject({ paused: true, next_fire_at: null, due_at: null });
  });

  it('is due later than its slot by its own share of the jitter, always the same and never more than all of it', async () => {
    const names = Array.from({ length: 40 }, (_, i) => `s${i}`);
    const next = await slotIn(db, 5);
    const rows = [];
    for (const name of names) rows.push(await create(db, { name, jitter_ms: 30_000, next_fire_at: next }));
    const offsets = rows.map(({ due_at }) => due_at!.getTime() - next.getTime());
    expect(Math.min(...offsets)).toBeGreaterThanOrEqual(0);
    expect(Math.max(...offsets)).toBeLessThanOrEqual(30_000);
    expect(new Set(offsets).size).toBeGreaterThan(30);
    await db.call('delete_schedule', ['acme', 's0']);
    expect((await create(db, { name: 's0', jitter_ms: 30_000, next_fire_at: next })).due_at).toEqual(rows[0]!.due_at);
  });

  it('answers the same schedule again as it stands, and refuses another one of its name', async () => {
    const first = await create(db, { input: { n: 1 } });
    expect(await create(db, { input: { n: 1 }, next_fire_at: await slotIn(db, 2) })).toEqual({ ...first, created: false });
    await expect(create(db, { input: { n: 2 } })).rejects.toMatchObject({
      code: 'WF402',
      detail: expect.stringContaining('"field": "name"'),
    });
    expect(await create(db, { tenant_id: 'globex', input: { n: 2 } })).toMatchObject({ created: true });
    expect(await scheduleOf(db)).toMatchObject({ input: { n: 1 }, revision: 1 });
  });

  it('twice at the same moment is one schedule', async () => {
    const [first, second] = [await db.session(), await db.session()];
    await first.begin();
    expect(await create(db, {}, first)).toMatchObject({ created: true });
    const pending = second.start(() => create(db, {}, second));
    await second.waitUntilBlocked();
    await first.commit();
    expect(await pending).toMatchObject({ created: false });
  });

  it('takes a name that was deleted, as a new schedule with a higher revision', async () => {
    await create(db, { input: 1 });
    await db.call('delete_schedule', ['acme', 'nightly']);
    expect(await create(db, { input: 2 })).toMatchObject({ created: true, revision: 3, input: 2, deleted_at: null, last_run_id: null });
  });

  it.each([
    ['a name with a space', { name: 'two words' }, 'WF403', 'name'],
    ['a name of 129 characters', { name: 'x'.repeat(129) }, 'WF403', 'name'],
    ['no name', { name: null }, 'WF403', 'name'],
    ['no cron expression', { cron: null }, 'WF404', 'cron'],
    ['an empty time zone', { time_zone: '' }, 'WF405', 'time_zone'],
    ['an unknown rule', { catch_up: 'some' }, 'WF001', 'catch_up'],
    ['a bound of 0', { catch_up_max: 0 }, 'WF001', 'catch_up_max'],
    ['a jitter of more than a day', { jitter_ms: 86_400_001 }, 'WF001', 'jitter_ms'],
    ['a priority that there is not', { priority: 'urgent' }, 'WF001', 'priority'],
    ['no next slot', { next_fire_at: null }, 'WF001', 'next_fire_at'],
    ['a next slot that is past', { next_fire_at: new Date(Date.now() - 2 * MINUTE_MS) }, 'WF217', 'next_fire_at'],
    ['no tenant', { tenant_id: '' }, 'WF214', 'tenant_id'],
    ['an unknown workflow', { workflow: 'none' }, 'WF201', 'workflow'],
    ['an unknown version', { version: 9 }, 'WF209', 'version'],
    ['labels that are none', { labels: { a: 1 } }, 'WF216', 'labels'],
    [
      'labels beside which its own has no room',
      { labels: Object.fromEntries(Array.from({ length: 32 }, (_, i) => [`l${i}`, 'x'])) },
      'WF216',
      'labels',
    ],
    ['an input that its map cannot take', { workflow: 'm', input: {} }, 'WF202', 'input'],
  ])('refuses %s', async (_, fields, code, field) => {
    await db.make.define({ slug: 'm', steps: [{ slug: 'each', kind: 'map' }] });
    await expect(create(db, fields)).rejects.toMatchObject({ code, detail: expect.stringContaining(`"field": "${field}"`) });
    expect(await db.sql('select from workflow.workflow_schedules')).toEqual([]);
  });
});
