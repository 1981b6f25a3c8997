import { Controller, Get, Header, Headers, HttpStatus, Param, Query, Res } from '@nestjs/common';
import { ApiHeader, ApiOperation, ApiProduces, ApiResponse, ApiTags } from '@nestjs/swagger';
import { isFinalRunStatus } from '@singularity-workflow/core';
import type { FastifyReply } from 'fastify';
import type { Readable } from 'node:stream';
import { Refuses } from '../openapi.js';
import { Reads } from '../replica/reads.js';
import { runNotFound } from '../runs/run-refusals.js';
import { ReadQuery, RunParams, text } from '../wire/fields.js';
import { Refusal } from '../wire/refusal.js';
import { EventFeed } from './event-feed.js';

const EVENT_ID_CHARS_MAX = 255;
const eventId = text(EVENT_ID_CHARS_MAX);

@ApiTags('runs')
@Controller('api/workflows/:run_id/events')
export class EventsController {
  constructor(
    private readonly reads: Reads,
    private readonly feed: EventFeed,
  ) {}

  @Get()
  @Header('cache-control', 'no-store')
  @Header('x-accel-buffering', 'no')
  @ApiOperation({
    summary:
      'Server-Sent Events of a run, from its start or after Last-Event-ID; ends with the run. An event may come twice, never not at all',
  })
  @ApiHeader({ name: 'Last-Event-ID', required: false, description: 'The id of the last event received.' })
  @ApiProduces('text/event-stream')
  @ApiResponse({
    status: 200,
    description: 'One event per transition, parents before children.',
    content: { 'text/event-stream': { schema: { type: 'string' } } },
  })
  @ApiResponse({ status: 204, description: 'The run has ended and Last-Event-ID was its last event: do not come again.' })
  @Refuses(404, 422, 429, 503)
  async stream(
    @Param({ schema: RunParams }) { run_id }: RunParams,
    @Query({ schema: ReadQuery }) { consistency }: ReadQuery,
    @Headers('last-event-id') header: string | undefined,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<Readable | undefined> {
    const lastEventId = header === undefined || header === '' ? undefined : checked(header);
    const { row: run } = await this.reads.find(consistency, reply, ({ runs }) => runs.get(run_id));
    if (!run) throw runNotFound(run_id);
    const at = lastEventId === undefined ? null : await this.reads.nearest.runs.eventAt({ runId: run_id, eventId: lastEventId });
    if (at !== null && isFinalRunStatus(run.status) && lastEventId?.endsWith(`-run_${run.status}`)) {
      reply.code(HttpStatus.NO_CONTENT);
      return undefined;
    }
    reply.type('text/event-stream; charset=utf-8');
    return this.feed.open(run_id, at !== null && lastEventId !== undefined ? { eventId: lastEventId, at } : null).readable;
  }
}

function checked(header: string): string {
  const parsed = eventId.safeParse(header);
  if (parsed.success) return parsed.data;
  throw new Refusal('invalid_request', `Last-Event-ID ${parsed.error.issues[0]?.message ?? 'is refused'}.`, { field: 'Last-Event-ID' });
}
