import { Body, Controller, Get, HttpCode, Param, Post, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { type WorkerRow, WorkerStore } from '@singularity-workflow/core';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Answers, Refuses } from '../openapi.js';
import { type Age, Reads } from '../replica/reads.js';
import { Cursor } from '../wire/cursor.js';
import { NoBody, NoQuery, page, reading, ReadQuery, uuid } from '../wire/fields.js';
import { Drained, Worker, WORKER_APPS, WORKER_STATES, WorkerPage } from '../wire/fleet.wire.js';
import { Refusal } from '../wire/refusal.js';

const WorkersQuery = z.strictObject({ app: z.enum(WORKER_APPS).optional(), state: z.enum(WORKER_STATES).optional(), ...page, ...reading });
const WorkerParams = z.strictObject({ id: uuid });
type WorkerParams = z.output<typeof WorkerParams>;

const workerCursor = new Cursor('workers', z.string().regex(/^\d{1,18}:[0-9a-f-]{36}$/));

@ApiTags('queues and workers')
@Controller('api/workers')
export class WorkersController {
  constructor(
    private readonly reads: Reads,
    private readonly workers: WorkerStore,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Lists the processes of the region: who is alive, and what each runs' })
  @Answers(200, WorkerPage, 'A page, newest first.')
  @Refuses(400, 422, 503)
  async list(
    @Query({ schema: WorkersQuery }) query: z.output<typeof WorkersQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof WorkerPage>> {
    const { app, state, limit } = query;
    const { readers, ...age } = this.reads.from(query.consistency, reply);
    const workers = await readers.workers.list({ app, state, after: workerCursor.read(query.cursor), limit, at: momentOf(age) });
    return { workers: workers.map(workerOnWire), next_cursor: workerCursor.after(workers, limit, ({ key }) => key) };
  }

  @Get(':id')
  @ApiOperation({ summary: 'Reads one process' })
  @Answers(200, Worker, 'The process.')
  @Refuses(404, 422, 503)
  async get(
    @Param({ schema: WorkerParams }) { id }: WorkerParams,
    @Query({ schema: ReadQuery }) { consistency }: ReadQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof Worker>> {
    const { row: worker } = await this.reads.find(consistency, reply, ({ workers }, age) => workers.get(id, momentOf(age)));
    if (!worker) throw notFound(id);
    return workerOnWire(worker);
  }

  @Post(':id/drain')
  @HttpCode(202)
  @ApiOperation({ summary: 'Tells a worker to take no more work; what it runs goes on to its end' })
  @Answers(202, Drained, 'It takes no more work.')
  @Refuses(400, 404, 422, 503)
  async drain(
    @Param({ schema: WorkerParams }) { id }: WorkerParams,
    @Body({ schema: NoBody }) _body: object,
    @Query({ schema: NoQuery }) _query: object,
  ): Promise<z.infer<typeof Drained>> {
    if (!(await this.workers.deprecate(id))) throw notFound(id);
    const worker = await this.reads.primary.workers.get(id);
    return { worker_id: id, state: worker?.state ?? 'stopped' };
  }
}

/** At a replica a worker is judged by the time of which the replica is: by now it would be silent for as long as the replica is behind. */
function momentOf({ asOf, exact }: Age): Date | undefined {
  return exact ? undefined : asOf;
}

function notFound(id: string): Refusal {
  return new Refusal('worker_not_found', `There is no worker ${id}.`, { field: 'id' });
}

function workerOnWire(worker: WorkerRow): z.infer<typeof Worker> {
  return {
    worker_id: worker.workerId,
    app: worker.app,
    state: worker.state,
    region: worker.region,
    role: worker.role,
    group: worker.orchestratorGroup,
    host: worker.host,
    pid: worker.pid,
    version: worker.version,
    address: worker.address,
    queues: worker.queues,
    runnable_steps: worker.runnableSteps,
    capacity: worker.capacity,
    running: worker.running,
    started_at: worker.startedAt.toISOString(),
    last_heartbeat_at: worker.lastHeartbeatAt.toISOString(),
    deprecated_at: worker.deprecatedAt?.toISOString() ?? null,
    stopped_at: worker.stoppedAt?.toISOString() ?? null,
  };
}
