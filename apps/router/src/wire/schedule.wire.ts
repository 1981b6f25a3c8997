// Schedules on the wire: what a client sets, and what it reads.
import {
  CATCH_UP_MAX,
  CATCH_UP_RULES,
  CRON_CHARS_MAX,
  JITTER_MS_MAX,
  PRIORITIES,
  RUN_STATUSES,
  SCHEDULE_NAME_PATTERN,
  TIME_ZONE_CHARS_MAX,
} from '@singularity-workflow/core';
import { z } from 'zod';
import { idempotencyKey, labels, page, priority, reading, slug, tenantId, text, version } from './fields.js';
import { json } from './run.wire.js';

export const scheduleName = z.string().regex(SCHEDULE_NAME_PATTERN, { error: `must match ${SCHEDULE_NAME_PATTERN.source}` });

const cron = text(CRON_CHARS_MAX).meta({ description: 'Five fields, six with seconds first, or a nickname such as @daily.' });
const timeZone = text(TIME_ZONE_CHARS_MAX).meta({ description: 'An IANA name such as Europe/Berlin. Default UTC.' });
const catchUp = z
  .enum(CATCH_UP_RULES)
  .meta({ description: 'What becomes of slots that were missed while nobody could fire. Default one.' });
const catchUpMax = z.int().min(1).max(CATCH_UP_MAX).meta({ description: 'With the rule all: the newest so many. Default 100.' });
const jitterMs = z.int().min(0).max(JITTER_MS_MAX).meta({ description: 'Fires up to so much later, always by the same. Default 0.' });

const optional = {
  version: version.nullable().optional().meta({ description: 'Default (null): the version that is active when a slot fires.' }),
  input: json.optional(),
  labels: labels.optional().meta({ description: 'Of each run, beside schedule: its name.' }),
  priority: priority.optional(),
  catch_up: catchUp.optional(),
  catch_up_max: catchUpMax.optional(),
  jitter_ms: jitterMs.optional(),
  paused: z.boolean().optional(),
};

export const ScheduleBody = z
  .strictObject({ tenant_id: tenantId, name: scheduleName, cron, time_zone: timeZone.default('UTC'), workflow: slug, ...optional })
  .meta({ id: 'CreateSchedule' });
export type ScheduleBody = z.output<typeof ScheduleBody>;

export const ScheduleChange = z
  .strictObject({ cron: cron.optional(), time_zone: timeZone.optional(), workflow: slug.optional(), ...optional })
  .refine((change) => Object.keys(change).length > 0, { error: 'must change at least one field' })
  .meta({ id: 'ChangeSchedule', description: 'What is left out stays.' });
export type ScheduleChange = z.output<typeof ScheduleChange>;

export const RunScheduleBody = z
  .strictObject({ idempotency_key: idempotencyKey.optional().meta({ description: 'With it, twice is once.' }) })
  .default({})
  .meta({ id: 'RunSchedule' });
export type RunScheduleBody = z.output<typeof RunScheduleBody>;

export const ScheduleParams = z.strictObject({ name: scheduleName });
export type ScheduleParams = z.output<typeof ScheduleParams>;
export const ScheduleQuery = z.strictObject({ tenant_id: tenantId });
export type ScheduleQuery = z.output<typeof ScheduleQuery>;
export const ReadScheduleQuery = z.strictObject({ tenant_id: tenantId, ...reading });
export type ReadScheduleQuery = z.output<typeof ReadScheduleQuery>;

export const SchedulesQuery = z.strictObject({
  tenant_id: tenantId.optional(),
  workflow: slug.optional(),
  paused: z
    .enum(['true', 'false'])
    .transform((value) => value === 'true')
    .optional(),
  ...page,
  ...reading,
});
export type SchedulesQuery = z.output<typeof SchedulesQuery>;

const instant = z.iso.datetime();

const summary = {
  tenant_id: z.string(),
  name: z.string(),
  cron: z.string(),
  time_zone: z.string(),
  workflow: z.string(),
  version: z.int().nullable().meta({ description: 'Null: the version that is active when a slot fires.' }),
  labels: z.record(z.string(), z.string()),
  priority: z.enum(PRIORITIES),
  catch_up: z.enum(CATCH_UP_RULES),
  catch_up_max: z.int(),
  jitter_ms: z.int(),
  paused: z.boolean(),
  next_fire_at: instant.nullable().meta({ description: 'The next slot; null while it is paused.' }),
  due_at: instant.nullable().meta({ description: 'When that slot fires: later by its share of the jitter.' }),
  last_slot_at: instant.nullable(),
  last_run_id: z.guid().nullable(),
  last_error: z
    .object({ code: z.string(), message: z.string(), slot: z.string().optional() })
    .nullable()
    .meta({ description: 'Why the last slot started no run; null when it did.' }),
  created_at: instant,
  updated_at: instant,
};

export const ScheduleSummary = z.object(summary).meta({ id: 'ScheduleSummary' });
export type ScheduleSummary = z.infer<typeof ScheduleSummary>;
export const Schedule = z.object({ ...summary, input: json }).meta({ id: 'Schedule' });
export type Schedule = z.infer<typeof Schedule>;
export const SchedulePage = z
  .object({ schedules: z.array(ScheduleSummary), next_cursor: z.string().nullable() })
  .meta({ id: 'SchedulePage' });
export const ScheduleRun = z
  .object({
    run_id: z.uuid(),
    status: z.enum(RUN_STATUSES),
    existing: z.boolean().meta({ description: 'True: this key had started it before.' }),
  })
  .meta({ id: 'ScheduleRun' });
export type ScheduleRun = z.infer<typeof ScheduleRun>;
