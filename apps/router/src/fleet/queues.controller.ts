import { Controller, Get, Query, Res } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import type { FastifyReply } from 'fastify';
import type { z } from 'zod';
import { Answers, Refuses } from '../openapi.js';
import { Reads } from '../replica/reads.js';
import { ReadQuery } from '../wire/fields.js';
import { Queues } from '../wire/fleet.wire.js';

@ApiTags('queues and workers')
@Controller('api/queues')
export class QueuesController {
  constructor(private readonly reads: Reads) {}

  @Get()
  @ApiOperation({ summary: 'What lies in the queues, how old it is, and what nobody alive can run' })
  @Answers(200, Queues, 'Every queue and priority.')
  @Refuses(422, 503)
  async list(
    @Query({ schema: ReadQuery }) _query: ReadQuery,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<z.infer<typeof Queues>> {
    const { queues } = this.reads.from('strong', reply).readers; // unlogged: a replica has none
    const [depths, stuck] = await Promise.all([queues.depths(), queues.stuckSteps()]);
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
