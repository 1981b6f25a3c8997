import { Body, Controller, Delete, Get, HttpCode, Inject, Param, Post, Put, Query, Res } from '@nestjs/common';
import { ApiBody, ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Metrics, type RunStatus, ScheduleStore, Wakeups, WorkflowError } from '@singularity-workflow/core';
import { METRICS } from '@singularity-workflow/core/nest';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Answers, Refuses } from '../openapi.js';
import { Reads } from '../replica/reads.js';
import { Confirmations } from '../runs/confirmations.js';
import { Cursor } from '../wire/cursor.js';
import { NoQuery } from '../wire/fields.js';
import { scheduleOnWire, summaryOnWire } from '../wire/schedule.mapping.js';
import {
  ReadScheduleQuery,
  RunScheduleBody,
  Schedule,
  ScheduleBody,
  ScheduleChange,
  ScheduleParams,
  SchedulePage,
  ScheduleQuery,
  ScheduleRun,
  SchedulesQuery,
} from '../wire/schedule.wire.js';
import { Schedules } from './schedules.js';

const scheduleCursor = new Cursor('schedules', z.object({ tenantId: z.string(), name: z.string() }));

@ApiTags('schedules')
@Controller('api/schedules')
export class SchedulesController {
  constructor(
    private readonly reads: Reads,
    private readonly store: ScheduleStore,
    private readonly schedules: Schedules,
    private readonly wakeups: Wakeups,
    @Inject(METRICS) private readonly metrics: Metrics,
    private readonly confirmations: Confirmations,
  ) {}

  @Post()
  @HttpCode(201)
  @ApiOperation({ summary: 'Makes a schedule: a workflow that the clock starts' })
  @Answers(201, Schedule, 'It is made.')
  @Answers(200, Schedule, 'The same one was there; this is how it stands.')
  @Refuses(400, 409, 413, 415, 422, 503)
  async create(
    @Body({ schema: ScheduleBody }) body: ScheduleBody,
    @Query({ schema: NoQuery }) _query: object,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Schedule> {
    const row = await this.schedules.create(body);
    if (!row.created) reply.code(200);
    return scheduleOnWire(row);
  }

  @Get()
  @ApiOperation({ summary: 'Lists schedules by tenant and name, without their inputs' })
  @Answers(200, SchedulePage, 'A page.')
  @Refuses(400, 422, 503)
  async list(
    @Query({ schema: SchedulesQuery }) query: SchedulesQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof SchedulePage>> {
    const { tenant_id: tenantId, workflow, paused, cursor, limit } = query;
    const { readers } = this.reads.from(query.consistency, reply);
    const rows = await readers.schedules.list({ filter: { tenantId, workflow, paused }, after: scheduleCursor.read(cursor), limit });
    const next = scheduleCursor.after(rows, limit, (last) => ({ tenantId: last.tenantId, name: last.name }));
    return { schedules: rows.map(summaryOnWire), next_cursor: next };
  }

  @Get(':name')
  @ApiOperation({ summary: 'Reads a schedule' })
  @Answers(200, Schedule, 'The schedule.')
  @Refuses(404, 422, 503)
  async get(
    @Param({ schema: ScheduleParams }) { name }: ScheduleParams,
    @Query({ schema: ReadScheduleQuery }) { tenant_id: tenantId, consistency }: ReadScheduleQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Schedule> {
    const { row } = await this.reads.find(consistency, reply, ({ schedules }) => schedules.get({ tenantId, name }));
    if (!row) throw new WorkflowError('schedule_not_found', `Tenant ${tenantId} has no schedule named ${name}.`, { field: 'name' });
    return scheduleOnWire(row);
  }

  @Put(':name')
  @ApiOperation({ summary: 'Changes fields of a schedule, pauses it, lets it go on; what is left out stays' })
  @Answers(200, Schedule, 'As it is now.')
  @Refuses(400, 404, 409, 413, 415, 422, 503)
  async change(
    @Param({ schema: ScheduleParams }) { name }: ScheduleParams,
    @Body({ schema: ScheduleChange }) body: ScheduleChange,
    @Query({ schema: ScheduleQuery }) { tenant_id: tenantId }: ScheduleQuery,
  ): Promise<Schedule> {
    return scheduleOnWire(await this.schedules.change({ tenantId, name }, body));
  }

  @Delete(':name')
  @HttpCode(204)
  @ApiOperation({ summary: 'Deletes a schedule; its runs stay' })
  @ApiNoContentResponse({ description: 'It fires no more.' })
  @Refuses(404, 422, 503)
  async delete(
    @Param({ schema: ScheduleParams }) { name }: ScheduleParams,
    @Query({ schema: ScheduleQuery }) { tenant_id: tenantId }: ScheduleQuery,
  ): Promise<void> {
    await this.store.delete({ tenantId, name });
  }

  @Post(':name/run')
  @HttpCode(202)
  @ApiOperation({ summary: 'Starts one run of a schedule now, paused or not; its slots are not touched' })
  @ApiBody({ required: false, schema: { $ref: '#/components/schemas/RunSchedule' } })
  @Answers(202, ScheduleRun, 'Stored; the run goes on by itself.')
  @Refuses(400, 404, 409, 413, 415, 422, 503)
  async run(
    @Param({ schema: ScheduleParams }) { name }: ScheduleParams,
    @Body({ schema: RunScheduleBody }) body: RunScheduleBody,
    @Query({ schema: ScheduleQuery }) { tenant_id: tenantId }: ScheduleQuery,
  ): Promise<ScheduleRun> {
    const row = await this.store.runNow({ tenantId, name, idempotencyKey: body.idempotency_key });
    const { outcome, runId, status, code, message, field, queues, durability } = row;
    if (outcome !== 'created' && outcome !== 'existing') {
      throw new WorkflowError(code ?? 'not_home', message ?? 'The run was not stored.', { field: field ?? undefined });
    }
    if (outcome === 'created') this.metrics.runsStarted.inc();
    this.wakeups.notify(queues);
    const refusal = durability === 'quorum' ? (await this.confirmations.of([runId as string])).get(runId as string) : undefined;
    if (refusal !== undefined) throw refusal;
    return { run_id: runId as string, status: status as RunStatus, existing: outcome === 'existing' };
  }
}
