// Orchestrators on the wire: who leads, what operators ask, what became of it.
import { z } from 'zod';
import { WORKER_STATES } from './fleet.wire.js';
import { page, reading, text, uuid } from './fields.js';

const instant = z.iso.datetime();
const DRAIN_MS_MAX = 3_600_000;
const REASON_CHARS_MAX = 500;

const group = z
  .string()
  .regex(/^[a-z][a-z0-9-]{0,31}$/, { error: 'must be lower-case letters, digits and hyphens, a letter first, at most 32' });
const drainMs = z.int().min(0).max(DRAIN_MS_MAX);
const whom = {
  worker_id: uuid.optional(),
  group: group.optional(),
  drain_ms: drainMs.optional().meta({ description: 'How long what runs may finish; then it is given back, and no failure is counted.' }),
  reason: text(REASON_CHARS_MAX).optional().meta({ description: 'One sentence; it is recorded.' }),
};

export const StopOrchestrator = z
  .strictObject(whom)
  .default({})
  .meta({ id: 'StopOrchestrator', description: 'One worker, or a group; by default the group that leads. drain_ms: 30000.' });
export const PromoteOrchestrator = z
  .strictObject(whom)
  .default({})
  .meta({ id: 'PromoteOrchestrator', description: 'A group, or that of a worker; by default the best standby. drain_ms: 3000.' });
export const FenceOrchestrator = z
  .strictObject({
    lease: text(100).optional().meta({ description: 'Default orchestrator:leader.' }),
    reason: text(REASON_CHARS_MAX).optional(),
  })
  .default({})
  .meta({ id: 'FenceOrchestrator' });

export const Command = z
  .object({
    command_id: z.guid(),
    kind: z.enum(['stop', 'promote', 'fence']),
    lease: z.string().nullable().meta({ description: 'The lease that changes hands; null where none does.' }),
    worker_id: z.guid().nullable(),
    group: z.string().nullable(),
    drain_ms: z.int(),
    reason: z.string(),
    requested_by: z.string().nullable(),
    requested_at: instant,
    overdue_at: instant.meta({ description: 'It has failed if nobody did it by then.' }),
    state: z.enum(['requested', 'done', 'failed']),
    outcome: z.string().nullable().meta({ description: 'One sentence.' }),
    token: z.int().nullable(),
    finished_at: instant.nullable(),
  })
  .meta({ id: 'OrchestratorCommand' });

export const CommandPage = z
  .object({ commands: z.array(Command), next_cursor: z.string().nullable() })
  .meta({ id: 'OrchestratorCommandPage' });

export const Leaders = z
  .object({
    leases: z.array(
      z.object({
        name: z.string(),
        leader: z.string().nullable().meta({ description: 'A worker, or the group of orchestrators; null: nobody leads.' }),
        worker_id: z.guid().meta({ description: 'Who renewed it last.' }),
        leader_state: z.enum(WORKER_STATES).nullable(),
        token: z.int(),
        acquired_at: instant,
        expires_at: instant,
      }),
    ),
    groups: z
      .array(
        z.object({
          group: z.string(),
          role: z.enum(['primary', 'standby']),
          state: z.enum(WORKER_STATES),
          workers: z.int(),
          running: z.int(),
          capacity: z.int(),
          silent_ms: z.int(),
        }),
      )
      .meta({ description: 'Of executors in active-passive; none where every executor works.' }),
    commands: z.array(Command).meta({ description: 'Under way.' }),
    split_brains: z.array(z.object({ lease: z.string(), worker_id: z.guid(), believed: z.int(), token: z.int() })),
  })
  .meta({ id: 'Leaders' });

export const FailoverEvent = z
  .object({
    event_id: z.int(),
    at: instant,
    kind: z.string().meta({ description: 'Of what happened; a list that grows.' }),
    subject: z.string().meta({ description: 'A lease, a group of orchestrators, a worker or a region.' }),
    former: z.string().nullable(),
    successor: z.string().nullable(),
    reason: z.string().meta({ description: 'One sentence: why this was decided.' }),
    without_ms: z.int().nullable().meta({ description: 'How long nobody did the job.' }),
    recorded_by: z.guid().nullable(),
  })
  .meta({ id: 'FailoverEvent' });
export const FailoverEventPage = z
  .object({ events: z.array(FailoverEvent), next_cursor: z.string().nullable() })
  .meta({ id: 'FailoverEventPage' });

export const PageQuery = z.strictObject({ ...page, ...reading });
export const CommandParams = z.strictObject({ command_id: uuid });
