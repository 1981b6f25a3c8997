// Calls of the SQL functions about schedules. One method per function; what each does stands in its SQL file.
import type { CatchUpRule, FiringVerdict, Json, Priority } from '../domain/index.js';
import type { WorkflowScheduleEntity } from '../entities/index.js';
import type { Database } from './database.js';
import { one, type StartRunRow } from './run.store.js';
import { jsonb, jsonbElements, snakeKeys } from './wire.js';

/** What a client may set. */
export interface ScheduleFields {
  cron: string;
  timeZone: string;
  workflow: string;
  /** Null: the version that is active when a slot fires. */
  version?: number | null | undefined;
  input?: Json | undefined;
  labels?: Record<string, string> | undefined;
  priority?: Priority | undefined;
  catchUp?: CatchUpRule | undefined;
  catchUpMax?: number | undefined;
  jitterMs?: number | undefined;
  paused?: boolean | undefined;
}

export interface ScheduleName {
  tenantId: string;
  name: string;
}

/** A row of workflow_schedules. */
export type ScheduleRow = Pick<WorkflowScheduleEntity, keyof WorkflowScheduleEntity>;

/** A schedule whose next slot may fire: what planFiring needs, by the database's clock. */
export interface DueSchedule extends ScheduleName {
  revision: number;
  cron: string;
  timeZone: string;
  catchUp: CatchUpRule;
  catchUpMax: number;
  nextFireAt: Date;
  offsetMs: number;
  inputBytes: number;
  now: Date;
  missedBefore: Date;
}

export interface Firing extends ScheduleName {
  /** Of the row that the slots were computed for. */
  revision: number;
  slots: readonly Date[];
  /** Null: never again. */
  nextFireAt: Date | null;
  /** In place of slots: why none can be computed. */
  error?: { code: string; message: string } | undefined;
}

export interface FiringRow {
  /** 1-based, into the firings. */
  ordinal: number;
  verdict: FiringVerdict;
  /** Slots that started a run, whose run existed before, that were refused. */
  started: number;
  existing: number;
  refused: number;
  error: { code: string; message: string; slot?: string } | null;
  /** Logical queues that got work by the call: in the first row only. */
  queues: string[] | null;
}

export class ScheduleStore {
  constructor(private readonly db: Database) {}

  /** clock: the database's. Slots of a new or changed schedule are computed from it. */
  async now(): Promise<Date> {
    return one(await this.db.callSql<{ clock: Date }>('clock', [])).clock;
  }

  /**
   * create_schedule: `created` false: the same one was there. Throws `bad_schedule_name`, `schedule_exists`, and what a start
   * with its fields would be refused with.
   */
  async create(schedule: ScheduleName & ScheduleFields & { nextFireAt: Date | null }): Promise<ScheduleRow & { created: boolean }> {
    return one(await this.db.callSql<ScheduleRow & { created: boolean }>('create_schedule', [jsonb(snakeKeys(schedule))]));
  }

  /**
   * update_schedule: what is undefined stays. `nextFireAt` where the change needs it (otherwise `next_slot_needed` is thrown, with the facts to
   * compute it from), and then `revision`, that of those facts. Throws `schedule_not_found`, `schedule_changed`, and what create throws.
   */
  async update({
    tenantId,
    name,
    change,
    revision,
  }: ScheduleName & {
    change: Partial<ScheduleFields> & { nextFireAt?: Date | undefined };
    revision?: number | undefined;
  }): Promise<ScheduleRow> {
    return one(await this.db.callSql<ScheduleRow>('update_schedule', [tenantId, name, jsonb(snakeKeys(change)), revision]));
  }

  /** delete_schedule. Throws `schedule_not_found`. */
  async delete({ tenantId, name }: ScheduleName): Promise<void> {
    await this.db.callSql('delete_schedule', [tenantId, name]);
  }

  /** run_schedule_now: the answer of start_runs. Throws `schedule_not_found`. */
  async runNow({ tenantId, name, idempotencyKey }: ScheduleName & { idempotencyKey?: string | undefined }): Promise<StartRunRow> {
    return one(await this.db.callSql<StartRunRow>('run_schedule_now', [tenantId, name, idempotencyKey]));
  }

  /** due_schedules: fewer rows than `limit` means that no other is due. */
  due({ limit }: { limit: number }): Promise<DueSchedule[]> {
    return this.db.callSql('due_schedules', [limit]);
  }

  /** fire_schedules: a row per firing. Throws `lease_lost`, `batch_too_large`. */
  fire({ token, firings }: { token: number; firings: readonly Firing[] }): Promise<FiringRow[]> {
    return this.db.callSql('fire_schedules', [token, jsonbElements(firings)]);
  }
}
