// Runs on the wire: what a start takes, what reads answer.
import { BATCH_MAX, DURABILITIES, PRIORITIES, RUN_STATUSES, STEP_STATUSES, TASK_STATUSES } from '@singularity-workflow/core';
import { z } from 'zod';
import { durability, idempotencyKey, labels, priority, slug, tenantId, text, time, version } from './fields.js';

export const json = z.unknown().meta({ description: 'Any JSON value.' });
const instant = z.iso.datetime().meta({ description: 'RFC 3339, UTC.' });
const instantOrNull = instant.nullable();
/** requested: taken while the home did not answer; the home has not started it yet. */
const STATUSES_ON_WIRE = [...RUN_STATUSES, 'requested'] as const;
const runStatus = z.enum(STATUSES_ON_WIRE).meta({ description: 'requested: taken for its home, which has not started it yet.' });
const errorOrNull = z
  .looseObject({ code: z.string().optional(), message: z.string().optional() })
  .nullable()
  .meta({ description: 'code, message and, where the handler gave one, stack.' });

const startFields = {
  tenant_id: tenantId,
  version: version.optional().meta({ description: 'Default: the version activated last.' }),
  input: json.optional().meta({ description: 'Any JSON value; an array where the root step is a map.' }),
  idempotency_key: idempotencyKey.optional().meta({ description: 'The same as the header Idempotency-Key.' }),
  run_at: time.optional(),
  deadline: time.optional(),
  priority: priority.optional(),
  labels: labels.optional(),
  durability: durability.optional(),
};

export const StartBody = z.strictObject({ ...startFields, workflow: slug }).meta({ id: 'StartWorkflow' });
export type StartBody = z.infer<typeof StartBody>;

export const ExecuteBody = z
  .strictObject({ goal: slug.meta({ description: 'The slug of the workflow.' }), opts: z.strictObject(startFields) })
  .meta({ id: 'ExecuteWorkflow' });
export type ExecuteBody = z.infer<typeof ExecuteBody>;

const uncheckedStart = z.unknown().meta({ $ref: '#/components/schemas/StartWorkflow' });
/** Elements are checked one by one, so that a bad one refuses itself only. */
export const BatchBody = z
  .strictObject({ workflows: z.array(uncheckedStart).min(1).meta({ maxItems: BATCH_MAX }) })
  .meta({ id: 'StartWorkflows' });
export type BatchBody = z.infer<typeof BatchBody>;

export const Started = z
  .object({
    run_id: z.uuid(),
    status: runStatus,
    executed_on: z.string().meta({ description: 'The region that executes the run.' }),
    durability: z.enum(DURABILITIES),
    existing: z.boolean().meta({ description: 'True: this request had been stored before.' }),
  })
  .meta({ id: 'Started' });

export const StartedBatch = z
  .object({
    results: z.array(
      z.object({
        outcome: z.enum(['created', 'existing', 'conflict', 'refused', 'not_home', 'requested', 'unconfirmed']).meta({
          description: 'unconfirmed: stored, but too few regions have confirmed it in time; it may stand, the same key finds out.',
        }),
        run_id: z.uuid().nullable(),
        status: runStatus.nullable(),
        durability: z.enum(DURABILITIES).nullable(),
        error: z.object({ code: z.string(), detail: z.string(), field: z.string().optional() }).nullable(),
      }),
    ),
  })
  .meta({ id: 'StartedBatch', description: 'One result per element, in their order.' });

const summary = {
  run_id: z.uuid(),
  tenant_id: z.string(),
  workflow: z.string(),
  version: z.int().nullable(),
  definition_id: z.guid().nullable().meta({ description: 'Null while the run is requested.' }),
  status: runStatus,
  priority: z.enum(PRIORITIES),
  durability: z.enum(DURABILITIES),
  labels: z.record(z.string(), z.string()),
  idempotency_key: z.string().nullable(),
  parent_run_id: z.guid().nullable(),
  progress: z.object({ steps_done: z.int(), steps_total: z.int() }),
  error: errorOrNull,
  region: z.string().meta({ description: 'The home of the run.' }),
  epoch: z.int().meta({ description: 'The epoch in which its home got it.' }),
  run_at: instantOrNull,
  deadline: instantOrNull,
  created_at: instant,
  started_at: instantOrNull,
  paused_at: instantOrNull,
  finished_at: instantOrNull,
};

export const RunSummary = z.object(summary).meta({ id: 'RunSummary' });
export const Run = z
  .object({
    ...summary,
    input: json,
    output: json,
    as_of: instant.meta({ description: 'The answer has everything that was committed before.' }),
  })
  .meta({ id: 'Run' });
export const RunPage = z.object({ runs: z.array(RunSummary), next_cursor: z.string().nullable() }).meta({ id: 'RunPage' });

const Attempt = z.object({
  attempt: z.int(),
  worker_id: z.guid().nullable(),
  reported: z.boolean().meta({ description: 'False: the task was taken from its worker.' }),
  error: errorOrNull,
  started_at: instantOrNull,
  failed_at: instant,
});

const Task = z.object({
  task_index: z.int(),
  status: z.enum(TASK_STATUSES),
  attempt: z.int(),
  failures: z.int(),
  worker_id: z.guid().nullable(),
  error: errorOrNull,
  available_at: instant,
  created_at: instant,
  started_at: instantOrNull,
  finished_at: instantOrNull,
  attempts: z.array(Attempt).meta({ description: 'The attempts that failed.' }),
});

const Step = z.object({
  step: z.string(),
  kind: z.enum(['single', 'map']),
  depends_on: z.array(z.string()),
  queue: z.string(),
  status: z.enum(STEP_STATUSES),
  tasks_total: z.int().nullable().meta({ description: 'Null until it is known.' }),
  tasks_left: z.int().nullable(),
  skip_reason: z.string().nullable(),
  error: errorOrNull,
  created_at: instant,
  started_at: instantOrNull,
  finished_at: instantOrNull,
  tasks: z.array(Task).meta({ description: 'Those of this page.' }),
});

export const Steps = z.object({ run_id: z.uuid(), steps: z.array(Step), next_cursor: z.string().nullable() }).meta({ id: 'Steps' });
export const reason = text(1_024);
