// Schedules through HTTP: made, read, changed, run, deleted; what is refused, with which code and by which field.
import { useRouter } from './support/router.js';

const router = useRouter();
const { db } = router;
const SCHEDULES = '/api/schedules';
const nightly = { tenant_id: 'acme', name: 'nightly', cron: '30 2 * * *', time_zone: 'Europe/Berlin', workflow: 'report' };
const one = (name = 'nightly', tenant = 'acme') => `${SCHEDULES}/${name}?tenant_id=${encodeURIComponent(tenant)}`;
const make = (fields: object = {}) => router.client.post(SCHEDULES, { ...nightly, ...fields });
const change = (fields: object, path = one()) =>
  router.client.send('PUT', path, { body: JSON.stringify(fields), headers: { 'content-type': 'application/json' } });

beforeEach(() => db.make.define('report', 'a'));

/** As a clock in Berlin shows it. */
function inBerlin(time: unknown): string {
  return new Intl.DateTimeFormat('sv-SE', { timeZone: 'Europe/Berlin', timeStyle: 'short' }).format(new Date(time as string));
}

describe('a schedule', () => {
  it('is made with what is usual, and its next slot by the clock of its place', async () => {
    const { status, body } = await make({ input: { a: [1] }, labels: { team: 'x' } });
    expect(status).toBe(201);
    expect(body).toEqual({
      ...nightly,
      version: null,
      input: { a: [1] },
      labels: { team: 'x' },
      priority: 'normal',
      catch_up: 'one',
      catch_up_max: 100,
      jitter_ms: 0,
      paused: false,
      next_fire_at: expect.any(String),
      due_at: body['next_fire_at'],
      last_slot_at: null,
      last_run_id: null,
      last_error: null,
      created_at: expect.any(String),
      updated_at: expect.any(String),
    });
    expect(inBerlin(body['next_fire_at'])).toBe('02:30');
    expect(Date.parse(body['next_fire_at'] as string)).toBeGreaterThan(Date.now());
    expect((await router.client.get(one())).body).toEqual(body);
  });

  it('goes by the clock of the database, and by UTC where no time zone is given', async () => {
    await db.clock.advance(3 * 365 * 86_400_000);
    const { body } = await make({ time_zone: undefined });
    expect(body).toMatchObject({ time_zone: 'UTC', next_fire_at: expect.stringMatching(/T02:30:00.000Z$/) });
    expect(Date.parse(body['next_fire_at'] as string) - (await db.clock.now()).getTime()).toBeLessThanOrEqual(86_400_000);
  });

  it('the same again is the one that is there; another one of its name is a conflict', async () => {
    const { body } = await make({ input: 1 });
    expect(await make({ input: 1 })).toMatchObject({ status: 200, body });
    expect(await make({ input: 2 })).toMatchObject({ status: 409, body: { code: 'schedule_exists', field: 'name' } });
    expect(await make({ input: 2, tenant_id: 'globex' })).toMatchObject({ status: 201 });
  });

  it('is listed by tenant and name, page by page, without its input', async () => {
    for (const name of ['c', 'a', 'b']) await make({ name });
    await make({ name: 'x', tenant_id: 'globex', paused: true });
    const first = await router.client.get<{ schedules: { name: string }[]; next_cursor: string }>(`${SCHEDULES}?limit=2`);
    expect(first.body.schedules.map(({ name }) => name)).toEqual(['a', 'b']);
    expect(first.body.schedules[0]).not.toHaveProperty('input');
    const rest = await router.client.get<{ schedules: { name: string }[] }>(`${SCHEDULES}?limit=3&cursor=${first.body.next_cursor}`);
    expect(rest.body).toMatchObject({
      schedules: [{ name: 'c' }, { name: 'x', tenant_id: 'globex', next_fire_at: null }],
      next_cursor: null,
    });
    for (const [query, names] of [
      ['tenant_id=globex', ['x']],
      ['paused=false&tenant_id=acme', ['a', 'b', 'c']],
      ['paused=true', ['x']],
      ['workflow=other', []],
    ] as const) {
      const { body } = await router.client.get<{ schedules: { name: string }[] }>(`${SCHEDULES}?${query}`);
      expect(body.schedules.map(({ name }) => name)).toEqual(names);
    }
  });

  it('keeps what a change leaves out, and its next slot where the change is of something else', async () => {
    const { body } = await make({ input: 1, labels: { a: 'b' }, version: 1 });
    expect(await change({ input: { n: 2 }, version: null, priority: 'high' })).toMatchObject({
      status: 200,
      body: { ...body, input: { n: 2 }, version: null, priority: 'high', updated_at: expect.any(String) },
    });
  });

  it('has a new next slot with a new expression or time zone', async () => {
    const before = await make();
    const moved = await change({ time_zone: 'Asia/Tokyo' });
    expect(moved.body['next_fire_at']).not.toBe(before.body['next_fire_at']);
    const { body } = await change({ cron: '15 4 * * *', time_zone: 'Europe/Berlin' });
    expect(inBerlin(body['next_fire_at'])).toBe('04:15');
  });

  it('has no next slot while it is paused, and goes on from now', async () => {
    const { body } = await make();
    expect(await change({ paused: true })).toMatchObject({ status: 200, body: { paused: true, next_fire_at: null, due_at: null } });
    expect(await change({ cron: '0 5 * * *' })).toMatchObject({ status: 200, body: { paused: true, next_fire_at: null } });
    const resumed = await change({ paused: false });
    expect(resumed).toMatchObject({ status: 200, body: { paused: false } });
    expect(inBerlin(resumed.body['next_fire_at'])).toBe('05:00');
    expect(resumed.body['next_fire_at']).not.toBe(body['next_fire_at']);
  });

  it('is changed by two at once without a loss of either', async () => {
    await make();
    const answers = await Promise.all([
      change({ cron: '0 1 * * *' }),
      change({ time_zone: 'UTC' }),
      change({ input: 7 }),
      change({ priority: 'low' }),
    ]);
    expect(answers.map(({ status }) => status)).toEqual([200, 200, 200, 200]);
    expect((await router.client.get(one())).body).toMatchObject({
      cron: '0 1 * * *',
      time_zone: 'UTC',
      input: 7,
      priority: 'low',
      next_fire_at: expect.stringMatching(/T01:00:00.000Z$/),
    });
  });

  it('is run at once, and once for a key', async () => {
    await make({ input: { n: 1 } });
    const { status, body } = await router.client.post(`${SCHEDULES}/nightly/run?tenant_id=acme`);
    expect({ status, body }).toMatchObject({ status: 202, body: { status: 'started', existing: false } });
    expect((await router.client.get(`/api/workflows/${String(body['run_id'])}`)).body).toMatchObject({
      workflow: 'report',
      tenant_id: 'acme',
      input: { n: 1 },
      labels: { schedule: 'nightly' },
    });
    const runKeyed = () => router.client.post(`${SCHEDULES}/nightly/run?tenant_id=acme`, { idempotency_key: 'k' });
    const keyed = await runKeyed();
    expect(await runKeyed()).toMatchObject({ status: 202, body: { run_id: keyed.body['run_id'], existing: true } });
    const { body: found } = await router.client.get<{ runs: object[] }>('/api/workflows?label=schedule:nightly');
    expect(found.runs).toHaveLength(2);
  });

  it('is gone once it was deleted, and its name is free', async () => {
    await make();
    expect((await router.client.delete(one())).status).toBe(204);
    for (const answer of [await router.client.get(one()), await change({ input: 1 }), await router.client.delete(one())]) {
      expect(answer).toMatchObject({ status: 404, body: { code: 'schedule_not_found', field: 'name' } });
    }
    expect(await router.client.post(`${SCHEDULES}/nightly/run?tenant_id=acme`)).toMatchObject({
      status: 404,
      body: { code: 'schedule_not_found' },
    });
    expect(await make({ cron: '@daily' })).toMatchObject({ status: 201, body: { cron: '@daily' } });
  });

  it('belongs to its tenant, whatever that is called', async () => {
    const tenant = 'a/b?c&d=é 😀%';
    expect((await make({ tenant_id: tenant })).status).toBe(201);
    expect(await router.client.get(one('nightly', tenant))).toMatchObject({ status: 200, body: { tenant_id: tenant } });
    expect((await router.client.get(one('nightly', 'acme'))).status).toBe(404);
  });

  it('whose input its workflow can no longer take says so when it is run', async () => {
    await make({ input: {} });
    await db.make.define({ slug: 'report', steps: [{ slug: 'each', kind: 'map' }] });
    expect(await router.client.post(`${SCHEDULES}/nightly/run?tenant_id=acme`)).toMatchObject({
      status: 422,
      body: { code: 'type_violation', field: 'input' },
    });
  });
});

describe('is refused, and nothing is stored:', () => {
  const refusals: [string, object, string, string][] = [
    ['no name', { name: undefined }, 'bad_schedule_name', 'name'],
    ['a name with a slash', { name: 'a/b' }, 'bad_schedule_name', 'name'],
    ['no expression', { cron: undefined }, 'bad_cron', 'cron'],
    ['an expression that is none', { cron: 'every night' }, 'bad_cron', 'cron'],
    ['an expression out of range', { cron: '61 * * * *' }, 'bad_cron', 'cron'],
    ['an expression that never comes true', { cron: '0 0 30 2 *' }, 'bad_cron', 'cron'],
    ['an expression of 256 characters', { cron: `${'1,'.repeat(124)}1 * * * *` }, 'bad_cron', 'cron'],
    ['a time zone that is none', { time_zone: 'Europe/Atlantis' }, 'bad_time_zone', 'time_zone'],
    ['an offset as a time zone', { time_zone: '+02:00' }, 'bad_time_zone', 'time_zone'],
    ['a time zone that is a number', { time_zone: 1 }, 'bad_time_zone', 'time_zone'],
    ['an unknown workflow', { workflow: 'none' }, 'unknown_workflow', 'workflow'],
    ['an unknown version', { version: 9 }, 'unknown_version', 'version'],
    ['labels that are no strings', { labels: { a: 1 } }, 'bad_labels', 'labels.a'],
    ['a rule that is none', { catch_up: 'some' }, 'invalid_request', 'catch_up'],
    ['a bound past the largest', { catch_up_max: 1_001 }, 'invalid_request', 'catch_up_max'],
    ['a jitter of more than a day', { jitter_ms: 86_400_001 }, 'invalid_request', 'jitter_ms'],
    ['a jitter below 0', { jitter_ms: -1 }, 'invalid_request', 'jitter_ms'],
    ['paused that is no boolean', { paused: 'yes' }, 'invalid_request', 'paused'],
    ['a priority that is none', { priority: 'urgent' }, 'invalid_request', 'priority'],
    ['a field that there is not', { next_fire_at: '2030-01-01T00:00:00Z' }, 'unknown_field', 'next_fire_at'],
  ];

  it.each([['no tenant', { tenant_id: undefined }, 'bad_tenant_id', 'tenant_id'] as (typeof refusals)[number], ...refusals])(
    'a new one with %s',
    async (_, fields, code, field) => {
      expect(await make(fields)).toMatchObject({ status: 422, body: { code, field, request_id: expect.any(String) } });
      expect(await db.sql('select from workflow.workflow_schedules')).toEqual([]);
    },
  );

  it.each(refusals.filter(([, fields]) => Object.values(fields)[0] !== undefined && !('name' in fields)))(
    'a change to %s',
    async (_, fields, code, field) => {
      const { body } = await make();
      expect(await change(fields)).toMatchObject({ status: 422, body: { code, field } });
      await change({ paused: true });
      expect(await change(fields)).toMatchObject({ status: 422, body: { code, field } });
      expect((await router.client.get(one())).body).toMatchObject({
        ...body,
        paused: true,
        next_fire_at: null,
        due_at: null,
        updated_at: expect.any(String),
      });
    },
  );

  it('a change of nothing, of the tenant or the name', async () => {
    await make();
    expect(await change({})).toMatchObject({ status: 422, body: { code: 'invalid_request' } });
    expect(await change({ tenant_id: 'x' })).toMatchObject({ status: 422, body: { code: 'unknown_field', field: 'tenant_id' } });
    expect(await change({ name: 'x' })).toMatchObject({ status: 422, body: { code: 'unknown_field', field: 'name' } });
  });

  it('a call without its tenant', async () => {
    for (const answer of [await router.client.get(`${SCHEDULES}/nightly`), await router.client.delete(`${SCHEDULES}/nightly`)]) {
      expect(answer).toMatchObject({ status: 422, body: { code: 'bad_tenant_id', field: 'tenant_id' } });
    }
  });
});
