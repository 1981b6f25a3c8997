// Schedules as a running scheduler fires them: each slot once, by its rule, at a pace that leaves room for others.
import { loadConfig } from '@singularity-workflow/core';
import { startApp } from '@singularity-workflow/core/nest';
import { json, useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import { SchedulerModule } from '../src/scheduler.module.js';

const db = useTestDatabase();
const HOUR_MS = 3_600_000;

const running: { close(): Promise<void> }[] = [];
afterEach(async () => {
  for (const scheduler of running.splice(0)) await scheduler.close();
});

async function start(): Promise<{ metrics(): Promise<string>; close(): Promise<void> }> {
  const env = { DATABASE_URL: db.url('workflow_scheduler'), PORT: '0', LOG_LEVEL: 'silent', SCHEDULER_TICK_MS: '50', LEASE_TTL_MS: '1000' };
  const config = loadConfig('scheduler', env);
  const { app, address } = await startApp(SchedulerModule.forRoot(config), config);
  const scheduler = { metrics: async () => (await fetch(`${address}/metrics`)).text(), close: () => app.close() };
  running.push(scheduler);
  return scheduler;
}

/** The next whole hour by the database's clock, and `more` hours later. */
async function hour(more = 0): Promise<Date> {
  return new Date(Math.ceil((await db.clock.now()).getTime() / HOUR_MS) * HOUR_MS + more * HOUR_MS);
}

async function make(name: string, fields: object = {}): Promise<void> {
  const hourly = { tenant_id: 'acme', name, cron: '0 * * * *', time_zone: 'UTC', workflow: 'w', next_fire_at: await hour() };
  await db.call('create_schedule', [json({ ...hourly, ...fields })]);
}

/** Moves the clock to `ms` after a moment. */
const until = async (moment: Date, ms: number) => db.clock.advance(moment.getTime() + ms - (await db.clock.now()).getTime());

const slots = async (name: string) =>
  (
    await db.sql<{ run_at: Date }>(`select run_at from workflow.workflow_runs where labels ->> 'schedule' = $1 order by run_at`, [name])
  ).map(({ run_at }) => run_at);
const schedule = async (name: string) =>
  (
    await db.sql<{ next_fire_at: Date | null; last_error: { code: string } | null; due_at: Date }>(
      'select next_fire_at, last_error, due_at from workflow.workflow_schedules where name = $1',
      [name],
    )
  )[0]!;

beforeEach(() => db.make.define('w', 'a'));

it('starts the run of a slot when it comes, and of the next one after it', async () => {
  const scheduler = await start();
  const first = await hour();
  await make('hourly');
  await until(first, -2_000);
  expect(await slots('hourly')).toEqual([]);
  await until(first, 0);
  await waitFor(async () => (await slots('hourly')).length === 1, { until: 'the slot has fired' });
  expect(await schedule('hourly')).toMatchObject({ next_fire_at: new Date(first.getTime() + HOUR_MS) });
  await until(first, HOUR_MS);
  await waitFor(async () => (await slots('hourly')).length === 2, { until: 'the next one has fired' });
  expect(await slots('hourly')).toEqual([first, new Date(first.getTime() + HOUR_MS)]);
  const counted = await scheduler.metrics();
  expect(counted).toMatch(/workflow_schedule_slots_total\{outcome="started"[^}]*\} 2/);
  expect(counted).toMatch(/workflow_runs_started_total\{[^}]*\} 2/);
  expect(counted).toMatch(/workflow_schedule_delay_seconds_count\{[^}]*\} 2/);
});

it('makes up for what nobody could fire by the rule of each schedule, and by its bound', async () => {
  const first = await hour();
  await make('none', { catch_up: 'none' });
  await make('one', { catch_up: 'one' });
  await make('all', { catch_up: 'all' });
  await make('three', { catch_up: 'all', catch_up_max: 3 });
  await until(first, 5.5 * HOUR_MS);
  await start();
  const next = new Date(first.getTime() + 6 * HOUR_MS);
  const done = async () =>
    (await Promise.all(['none', 'one', 'all', 'three'].map(schedule))).every((row) => row.next_fire_at?.getTime() === next.getTime());
  await waitFor(done, { until: 'all have gone on' });
  const hours = async (name: string) => (await slots(name)).map((slot) => (slot.getTime() - first.getTime()) / HOUR_MS);
  expect(await hours('none')).toEqual([]);
  expect(await hours('one')).toEqual([5]);
  expect(await hours('all')).toEqual([0, 1, 2, 3, 4, 5]);
  expect(await hours('three')).toEqual([3, 4, 5]);
});

it('fires what fell into a failover whatever the rule', async () => {
  const first = await hour();
  await make('none', { catch_up: 'none' });
  await until(first, 20_000);
  await start();
  await waitFor(async () => (await slots('none')).length > 0, { until: 'the slot has fired, 20 s late' });
  expect(await slots('none')).toEqual([first]);
});

it('does not make up for the time of a pause', async () => {
  const first = await hour();
  await make('paused', { catch_up: 'all', paused: true, next_fire_at: null });
  await make('other');
  await until(first, 3.5 * HOUR_MS);
  await start();
  await db.call('update_schedule', ['acme', 'paused', json({ paused: false, next_fire_at: await hour() }), null]);
  await waitFor(async () => (await slots('other')).length === 1, { until: 'the other one has fired' });
  await until(first, 4 * HOUR_MS);
  await waitFor(async () => (await slots('paused')).length > 0, { until: 'it has fired' });
  expect(await slots('paused')).toEqual([new Date(first.getTime() + 4 * HOUR_MS)]);
});

it('is not held up by a schedule that it cannot compute, or whose workflow is gone', async () => {
  const first = await hour();
  await make('aaa');
  await make('bbb');
  await make('ccc');
  await db.sql(`update workflow.workflow_schedules set time_zone = 'Europe/Atlantis' where name = 'aaa'`);
  await db.sql(`update workflow.workflow_schedules set workflow = 'gone' where name = 'bbb'`);
  const scheduler = await start();
  await until(first, 0);
  await waitFor(async () => (await slots('ccc')).length === 1, { until: 'the sound one has fired' });
  expect(await schedule('aaa')).toMatchObject({ next_fire_at: first, last_error: { code: 'bad_time_zone' } });
  expect(await schedule('bbb')).toMatchObject({
    next_fire_at: new Date(first.getTime() + HOUR_MS),
    last_error: { code: 'unknown_workflow' },
  });
  expect(await scheduler.metrics()).toMatch(/workflow_schedule_slots_total\{outcome="refused"[^}]*\} 1/);
});

it('starts no more at a time than fit, be it by number or by bytes of input, and all in the end', async () => {
  const first = await hour();
  await make('many', { cron: '* * * * *', catch_up: 'all', catch_up_max: 1_000 });
  await make('large', { catch_up: 'all', input: 'x'.repeat(2 * 1_048_576) });
  await until(first, 9.99 * HOUR_MS);
  await start();
  await waitFor(async () => (await slots('many')).length === 600 && (await slots('large')).length === 10, {
    until: 'all have fired',
    timeoutMs: 25_000,
  });
  const times = (await slots('many')).map((slot) => slot.getTime());
  expect(times).toEqual(Array.from({ length: 600 }, (_, minute) => first.getTime() + minute * 60_000));
});
