// Queues and workers on the wire.
import { PRIORITIES } from '@singularity-workflow/core';
import { z } from 'zod';

const instant = z.iso.datetime();
export const WORKER_STATES = ['active', 'deprecated', 'silent', 'stopped'] as const;
export const WORKER_APPS = ['router', 'scheduler', 'executor', 'failover-monitor'] as const;

export const Queues = z
  .object({
    queues: z.array(
      z.object({
        queue: z.string(),
        priority: z.enum(PRIORITIES),
        depth: z.int(),
        visible: z.int().meta({ description: 'May be claimed now.' }),
        in_flight: z.int(),
        oldest_seconds: z.number(),
      }),
    ),
    stuck: z
      .array(z.object({ workflow: z.string(), step: z.string(), queue: z.string(), tasks: z.int() }))
      .meta({ description: 'Waiting work that no live worker can run.' }),
  })
  .meta({ id: 'Queues' });

export const Worker = z
  .object({
    worker_id: z.guid(),
    app: z.string(),
    state: z.enum(WORKER_STATES),
    region: z.string(),
    role: z.string().nullable(),
    group: z.string().nullable(),
    host: z.string(),
    pid: z.int(),
    version: z.string(),
    address: z.string().nullable(),
    queues: z.array(z.string()),
    runnable_steps: z.array(z.array(z.string())).meta({ description: 'Pairs of workflow and step.' }),
    capacity: z.int(),
    running: z.int(),
    started_at: instant,
    last_heartbeat_at: instant,
    deprecated_at: instant.nullable(),
    stopped_at: instant.nullable(),
  })
  .meta({ id: 'Worker' });

export const WorkerPage = z.object({ workers: z.array(Worker), next_cursor: z.string().nullable() }).meta({ id: 'WorkerPage' });
export const Drained = z.object({ worker_id: z.guid(), state: z.enum(WORKER_STATES) }).meta({ id: 'Drained' });
