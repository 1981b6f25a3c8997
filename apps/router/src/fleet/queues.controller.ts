import { Controller, Get, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { QueueReader } from '@singularity-workflow/core';
import type { z } from 'zod';
import { Answers, Refuses } from '../openapi.js';
import { NoQuery } from '../wire/fields.js';
import { Queues } from '../wire/fleet.wire.js';

@ApiTags('queues and workers')
@Controller('api/queues')
export class QueuesController {
  constructor(private readonly reader: QueueReader) {}

  @Get()
  @ApiOperation({ summary: 'What lies in the queues, how old it is, and what nobody alive can run' })
  @Answers(200, Queues, 'Every queue and priority.')
  @Refuses(422, 503)
  async list(@Query({ schema: NoQuery }) _query: object): Promise<z.infer<typeof Queues>> {
    const [depths, stuck] = await Promise.all([this.reader.depths(), this.reader.stuckSteps()]);
    return {
      queues: depths.map(({ queue, priority, depth, visible, inFlight, oldestSeconds }) => ({
        queue,
        priority,
        depth,
        visible,
        in_flight: inFlight,
        oldest_seconds: oldestSeconds,
      })),
      stuck: stuck.map(({ workflow, stepSlug, queue, tasks }) => ({ workflow, step: stepSlug, queue, tasks })),
    };
  }
}
