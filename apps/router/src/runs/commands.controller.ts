import { Body, Controller, HttpCode, Inject, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Metrics, RUN_STATUSES, RunStore, Wakeups } from '@singularity-workflow/core';
import { METRICS } from '@singularity-workflow/core/nest';
import { z } from 'zod';
import { type Answered, HomeRelay } from '../homes/home-relay.js';
import { type Exchange, InExchange } from '../wire/exchange.js';
import { Answers, Refuses } from '../openapi.js';
import { NoBody, NoQuery, RunParams } from '../wire/fields.js';
import { reason } from '../wire/run.wire.js';
import { refuseVerdict } from './run-refusals.js';
import { RetryFrom, retryFrom } from './retry-from.js';

const CancelBody = z.strictObject({ reason: reason.optional() }).default({}).meta({ id: 'CancelRun' });
const RetryBody = z.strictObject({ from: RetryFrom }).default({ from: 'failed' }).meta({ id: 'RetryRun' });

const Moved = z
  .object({
    run_id: z.uuid(),
    status: z.enum(RUN_STATUSES),
    changed: z.boolean().meta({ description: 'False: it was so already.' }),
  })
  .meta({ id: 'Moved' });
type Moved = z.infer<typeof Moved>;
/** As bytes, where its home answered. */
type Answer = Promise<Moved | Answered | undefined>;

@ApiTags('runs')
@Controller('api/workflows/:run_id')
export class CommandsController {
  constructor(
    private readonly runs: RunStore,
    private readonly wakeups: Wakeups,
    private readonly relay: HomeRelay,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {}

  @Post('cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Cancels a run: what is queued is withdrawn, what runs is told to stop. Twice is once' })
  @ApiBody({ required: false, schema: { $ref: '#/components/schemas/CancelRun' } })
  @Answers(200, Moved, 'It is cancelled.')
  @Refuses(400, 404, 409, 422, 503)
  async cancel(
    @Param({ schema: RunParams }) { run_id }: RunParams,
    @Body({ schema: CancelBody }) body: z.output<typeof CancelBody>,
    @Query({ schema: NoQuery }) _query: object,
    @InExchange() exchange: Exchange,
  ): Answer {
    return this.relay.atHome(run_id, exchange, async () => {
      const [answer] = await this.runs.cancel({ runIds: [run_id], reason: body.reason });
      const verdict = answer?.verdict ?? 'not_found';
      if (verdict !== 'cancelled' && verdict !== 'already') throw refuseVerdict(run_id, verdict);
      if (verdict === 'cancelled') this.metrics.runsFinished.inc({ outcome: 'cancelled' });
      return { run_id, status: 'cancelled' as const, changed: verdict === 'cancelled' };
    });
  }

  @Post('pause')
  @HttpCode(200)
  @ApiOperation({ summary: 'Stops new claims of the run; what runs goes on to its end' })
  @Answers(200, Moved, 'It is paused.')
  @Refuses(400, 404, 409, 422, 503)
  async pause(
    @Param({ schema: RunParams }) { run_id }: RunParams,
    @Body({ schema: NoBody }) _body: object,
    @Query({ schema: NoQuery }) _query: object,
    @InExchange() exchange: Exchange,
  ): Answer {
    return this.relay.atHome(run_id, exchange, async () => {
      const { status, changed } = await this.runs.pause({ runId: run_id });
      return { run_id, status, changed };
    });
  }

  @Post('resume')
  @HttpCode(200)
  @ApiOperation({ summary: 'Lets a paused run go on' })
  @Answers(200, Moved, 'It goes on.')
  @Refuses(400, 404, 409, 422, 503)
  async resume(
    @Param({ schema: RunParams }) { run_id }: RunParams,
    @Body({ schema: NoBody }) _body: object,
    @Query({ schema: NoQuery }) _query: object,
    @InExchange() exchange: Exchange,
  ): Answer {
    return this.relay.atHome(run_id, exchange, async () => {
      const { status, changed, queues } = await this.runs.resume({ runId: run_id });
      this.wakeups.notify(queues);
      return { run_id, status, changed };
    });
  }

  @Post('retry')
  @HttpCode(200)
  @ApiOperation({ summary: 'Runs again what failed or was cancelled: from the failed steps, from the start, or from a step' })
  @ApiBody({ required: false, schema: { $ref: '#/components/schemas/RetryRun' } })
  @Answers(200, Moved, 'It runs again.')
  @Refuses(400, 404, 409, 422, 503)
  async retry(
    @Param({ schema: RunParams }) { run_id }: RunParams,
    @Body({ schema: RetryBody }) body: z.output<typeof RetryBody>,
    @Query({ schema: NoQuery }) _query: object,
    @InExchange() exchange: Exchange,
  ): Answer {
    return this.relay.atHome(run_id, exchange, async () => {
      const { status, queues } = await this.runs.retry({ runId: run_id, ...retryFrom(body.from) });
      this.wakeups.notify(queues);
      return { run_id, status, changed: true };
    });
  }
}
