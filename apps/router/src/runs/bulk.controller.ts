// Cancel and retry by filter. Limits: RUNS_PER_CALL_MAX runs and CALL_MS_MAX a call; where more are left, the answer says where to go on.
import { Body, Controller, HttpCode, Inject, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { BATCH_MAX, isWorkflowError, type Metrics, type RunFilter, RunStore, Wakeups } from '@singularity-workflow/core';
import { METRICS } from '@singularity-workflow/core/nest';
import { z } from 'zod';
import { Answers, Refuses } from '../openapi.js';
import { Reads } from '../replica/reads.js';
import { Cursor } from '../wire/cursor.js';
import { NoQuery, text } from '../wire/fields.js';
import { reason } from '../wire/run.wire.js';
import { RetryFrom, retryFrom } from './retry-from.js';
import { BulkFilter, runFilter } from './run-filter.js';

const RUNS_PER_CALL_MAX = 10_000;
const CALL_MS_MAX = 10_000;
const RETRIES_AT_ONCE = 4;

const common = {
  filter: BulkFilter,
  dry_run: z.boolean().default(false).meta({ description: 'True: counts only.' }),
  limit: z.int().min(1).max(RUNS_PER_CALL_MAX).default(RUNS_PER_CALL_MAX),
  cursor: text(512).optional(),
};
const BulkCancel = z.strictObject({ ...common, reason: reason.optional() }).meta({ id: 'CancelRuns' });
const BulkRetry = z.strictObject({ ...common, from: RetryFrom }).meta({ id: 'RetryRuns' });
type BulkCancel = z.output<typeof BulkCancel>;
type BulkRetry = z.output<typeof BulkRetry>;

const BulkAnswer = z
  .object({
    dry_run: z.boolean(),
    matched: z.int().meta({ description: 'Runs that the filter fits: all of them when counting, else those of this call.' }),
    complete: z.boolean().meta({ description: 'False: there are more than were looked at.' }),
    changed: z.int(),
    unchanged: z.int().meta({ description: 'Ended, moved or gone meanwhile, or not to be retried.' }),
    next_cursor: z.string().nullable(),
  })
  .meta({ id: 'BulkAnswer' });
type BulkAnswer = z.infer<typeof BulkAnswer>;

const bulkCursor = new Cursor('bulk', z.guid());

/** What is wanted of the runs that a filter fits. Answers how many of `runIds` it changed. */
interface Wish {
  filter: RunFilter;
  dryRun: boolean;
  limit: number;
  cursor: string | undefined;
  change: (runIds: string[]) => Promise<number>;
}

@ApiTags('runs')
@Controller('api/workflows')
export class BulkController {
  constructor(
    private readonly reads: Reads,
    private readonly runs: RunStore,
    private readonly wakeups: Wakeups,
    @Inject(METRICS) private readonly metrics: Metrics,
  ) {}

  @Post('cancel')
  @HttpCode(200)
  @ApiOperation({ summary: 'Cancels the open runs that a filter fits; dry_run counts them' })
  @Answers(200, BulkAnswer, 'What was done; next_cursor where more are left.')
  @Refuses(400, 422, 503)
  cancel(@Body({ schema: BulkCancel }) body: BulkCancel, @Query({ schema: NoQuery }) _query: object): Promise<BulkAnswer> {
    const { filter: wanted, dry_run: dryRun, limit, cursor } = body;
    const filter = runFilter({ ...wanted, status: wanted.status ?? ['scheduled', 'started', 'paused'] }, wanted.labels);
    return this.fulfil({ filter, dryRun, limit, cursor, change: (runIds) => this.cancelAll(runIds, body.reason) });
  }

  @Post('retry')
  @HttpCode(200)
  @ApiOperation({ summary: 'Retries the failed runs that a filter fits; dry_run counts them' })
  @Answers(200, BulkAnswer, 'What was done; next_cursor where more are left.')
  @Refuses(400, 422, 503)
  retry(@Body({ schema: BulkRetry }) body: BulkRetry, @Query({ schema: NoQuery }) _query: object): Promise<BulkAnswer> {
    const { filter: wanted, dry_run: dryRun, limit, cursor } = body;
    const filter = runFilter({ ...wanted, status: wanted.status ?? ['failed'] }, wanted.labels);
    return this.fulfil({ filter, dryRun, limit, cursor, change: (runIds) => this.retryAll(runIds, body.from) });
  }

  private async fulfil({ filter, dryRun, limit, cursor, change }: Wish): Promise<BulkAnswer> {
    let before = bulkCursor.read(cursor);
    if (dryRun) {
      const { count, complete } = await this.reads.primary.runs.count({ filter });
      return { dry_run: true, matched: count, complete, changed: 0, unchanged: 0, next_cursor: null };
    }
    const until = performance.now() + CALL_MS_MAX;
    let matched = 0;
    let changed = 0;
    let more = true;
    while (more && matched < limit && performance.now() < until) {
      const { runIds, nextBefore } = await this.reads.primary.runs.select({ filter, before, limit: Math.min(BATCH_MAX, limit - matched) });
      if (runIds.length > 0) changed += await change(runIds);
      matched += runIds.length;
      more = nextBefore !== null;
      before = nextBefore ?? undefined;
    }
    return {
      dry_run: false,
      matched,
      complete: !more,
      changed,
      unchanged: matched - changed,
      next_cursor: bulkCursor.write(before ?? null),
    };
  }

  private async cancelAll(runIds: string[], why: string | undefined): Promise<number> {
    const answers = await this.runs.cancel({ runIds, reason: why });
    const cancelled = answers.filter(({ verdict }) => verdict === 'cancelled').length;
    if (cancelled > 0) this.metrics.runsFinished.inc({ outcome: 'cancelled' }, cancelled);
    return cancelled;
  }

  private async retryAll(runIds: string[], from: string): Promise<number> {
    let changed = 0;
    const left = [...runIds];
    const retryNext = async (): Promise<void> => {
      for (let runId = left.pop(); runId !== undefined; runId = left.pop()) if (await this.retryOne(runId, from)) changed++;
    };
    await Promise.all(Array.from({ length: RETRIES_AT_ONCE }, retryNext));
    return changed;
  }

  /** A run that meanwhile ended, moved on or lacks that step is left alone. */
  private async retryOne(runId: string, from: string): Promise<boolean> {
    try {
      const { queues } = await this.runs.retry({ runId, ...retryFrom(from) });
      this.wakeups.notify(queues);
      return true;
    } catch (error) {
      if (!isWorkflowError(error) || error.code === 'database_unavailable') throw error;
      return false;
    }
  }
}
