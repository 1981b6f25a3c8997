// What the tests of schedules share: a schedule in one line, and firings as the scheduler hands them over.
import { json, type Caller, type Session, type TestDatabase } from '@singularity-workflow/testkit';

export interface ScheduleRow {
  tenant_id: string;
  name: string;
  revision: number;
  cron: string;
  time_zone: string;
  workflow: string;
  version: number | null;
  input: unknown;
  labels: Record<string, string>;
  priority: number;
  catch_up: string;
  catch_up_max: number;
  jitter_ms: number;
  paused: boolean;
  next_fire_at: Date | null;
  due_at: Date | null;
  last_slot_at: Date | null;
  last_run_id: string | null;
  last_error: { code: string; message: string; slot?: string } | null;
  deleted_at: Date | null;
}

export interface DueRow {
  tenant_id: string;
  name: string;
  revision: number;
  next_fire_at: Date;
  offset_ms: number;
  input_bytes: number;
  now: Date;
  missed_before: Date;
}

export interface Firing {
  tenant_id?: string;
  name: string;
  revision: number;
  slots?: Date[];
  next_fire_at: Date | null;
  error?: { code: string; message: string };
}

export interface FiringAnswer {
  ordinal: number;
  verdict: string;
  started: number;
  existing: number;
  refused: number;
  error: { code: string; message: string } | null;
  queues: string[] | null;
}

export const MINUTE_MS = 60_000;

/** The next whole minute but `minutes`, by the clock of the database. */
export async function slotIn(db: TestDatabase, minutes: number): Promise<Date> {
  return new Date(Math.ceil(((await db.clock.now()).getTime() + 1) / MINUTE_MS) * MINUTE_MS + (minutes - 1) * MINUTE_MS);
}

/** Creates `nightly` of tenant acme for workflow `w`, first due in a minute at most. */
export async function create(db: TestDatabase, fields: object = {}, by: Caller = db): Promise<ScheduleRow & { created: boolean }> {
  const schedule = {
    tenant_id: 'acme',
    name: 'nightly',
    cron: '* * * * *',
    time_zone: 'UTC',
    workflow: 'w',
    next_fire_at: await slotIn(db, 1),
  };
  const [row] = await by.call<ScheduleRow & { created: boolean }>('create_schedule', [json({ ...schedule, ...fields })]);
  return row!;
}

export async function scheduleOf(db: TestDatabase, name = 'nightly', tenant = 'acme'): Promise<ScheduleRow> {
  const [row] = await db.sql<ScheduleRow>('select * from workflow.workflow_schedules where tenant_id = $1 and name = $2', [tenant, name]);
  if (!row) throw new Error(`no schedule ${name}`);
  return row;
}

export async function fire(db: TestDatabase, firings: Firing[], by: Caller = db, token?: number): Promise<FiringAnswer[]> {
  const elements = firings.map((firing) => ({ tenant_id: 'acme', slots: [], ...firing }));
  return by.call<FiringAnswer>('fire_schedules', [token ?? (await db.make.leaderToken()), json(elements)]);
}

/** The firing of one slot of a schedule as it is now; the next one a minute later. */
export async function nextFiring(db: TestDatabase, name = 'nightly'): Promise<Firing & { slots: Date[]; next_fire_at: Date }> {
  const { revision, next_fire_at } = await scheduleOf(db, name);
  if (!next_fire_at) throw new Error(`${name} has no next slot`);
  return { name, revision, slots: [next_fire_at], next_fire_at: new Date(next_fire_at.getTime() + MINUTE_MS) };
}

/** Moves the clock to a moment after the slot. */
export async function until(db: TestDatabase, slot: Date, laterMs = 10): Promise<void> {
  await db.clock.advance(slot.getTime() + laterMs - (await db.clock.now()).getTime());
}

/** Rows that a call reads of the schema's tables and indexes: how much work it is, which the machine has no say in. */
export async function rowsReadBy<T>(db: TestDatabase, call: (by: Session) => Promise<T>): Promise<{ rows: number; result: T }> {
  const session = await db.session();
  await session.begin();
  const result = await call(session);
  const [read] = await session.sql<{ rows: number }>(
    `select sum(pg_stat_get_xact_tuples_returned(c.oid) + pg_stat_get_xact_tuples_fetched(c.oid))::int as rows
       from pg_class c where c.relnamespace = 'workflow'::regnamespace and c.relkind in ('r', 'i')`,
  );
  await session.commit();
  return { rows: read!.rows, result };
}

export function runsOf(db: TestDatabase, tenant = 'acme') {
  return db.sql<{
    run_id: string;
    idempotency_key: string | null;
    labels: object;
    input: unknown;
    priority: number;
    run_at: Date | null;
    status: string;
  }>(
    'select run_id, idempotency_key, labels, input, priority, run_at, status from workflow.workflow_runs where tenant_id = $1 order by run_at, run_id',
    [tenant],
  );
}
