import { Controller, Delete, Get, HttpCode, Inject, Param, Query, Res } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { type Config, isFinalRunStatus, RunReader, RunStore, type RunView } from '@singularity-workflow/core';
import { CONFIG } from '@singularity-workflow/core/nest';
import type { FastifyReply } from 'fastify';
import { z } from 'zod';
import { Answers, Refuses } from '../openapi.js';
import { Cursor } from '../wire/cursor.js';
import { count, NoQuery, RunParams, text, wait } from '../wire/fields.js';
import { goneSignal } from '../wire/gone.js';
import { runOnWire, stepsOnWire, summaryOnWire } from '../wire/run.mapping.js';
import { Run, RunPage, Steps } from '../wire/run.wire.js';
import { refuseVerdict, runNotFound } from './run-refusals.js';
import { RunEnds } from './run-ends.js';
import { ListQuery, runFilter } from './run-filter.js';

const TASKS_PER_PAGE_MAX = 1_000;

const RunQuery = z.strictObject({ wait: wait.optional() });
const StepsQuery = z.strictObject({ limit: count(TASKS_PER_PAGE_MAX).default(TASKS_PER_PAGE_MAX), cursor: text(512).optional() });

const runCursor = new Cursor('runs', z.guid());
const taskCursor = new Cursor('tasks', z.object({ stepIndex: z.int().min(0), taskIndex: z.int().min(-1) }));

@ApiTags('runs')
@Controller('api/workflows')
export class RunsController {
  constructor(
    private readonly reader: RunReader,
    private readonly runs: RunStore,
    private readonly ends: RunEnds,
    @Inject(CONFIG) private readonly config: Config,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Lists runs, newest first; a page may be shorter than its limit and have a next one' })
  @Answers(200, RunPage, 'A page.')
  @Refuses(400, 422, 503)
  async list(@Query({ schema: ListQuery }) query: ListQuery): Promise<object> {
    const { region } = this.config;
    if (query.region !== undefined && query.region !== region) return { runs: [], next_cursor: null };
    const filter = runFilter(query, query.label);
    const { runs, nextBefore } = await this.reader.list({ filter, before: runCursor.read(query.cursor), limit: query.limit });
    return { runs: runs.map((run) => summaryOnWire(run, region)), next_cursor: runCursor.write(nextBefore) };
  }

  @Get(':run_id')
  @ApiOperation({ summary: 'Reads a run; with ?wait answers when it has ended, or after that time as it is then' })
  @Answers(200, Run, 'The run.')
  @Refuses(404, 422, 429, 503)
  async get(
    @Param({ schema: RunParams }) { run_id }: RunParams,
    @Query({ schema: RunQuery }) query: z.output<typeof RunQuery>,
    @Res({ passthrough: true }) reply: FastifyReply,
  ): Promise<object> {
    let run = await this.found(run_id);
    if (query.wait !== undefined && !isFinalRunStatus(run.status)) {
      await this.ends.wait(run_id, query.wait, goneSignal(reply));
      run = await this.found(run_id);
    }
    return runOnWire(run, this.config.region);
  }

  @Get(':run_id/steps')
  @ApiOperation({ summary: 'Reads the steps of a run and a page of their tasks, with the attempts that failed' })
  @Answers(200, Steps, 'All steps; the tasks of this page.')
  @Refuses(400, 404, 422, 503)
  async steps(
    @Param({ schema: RunParams }) { run_id }: RunParams,
    @Query({ schema: StepsQuery }) query: z.output<typeof StepsQuery>,
  ): Promise<object> {
    const view = await this.reader.steps({ runId: run_id, after: taskCursor.read(query.cursor), taskLimit: query.limit });
    if (!view) throw runNotFound(run_id);
    return { run_id, steps: stepsOnWire(view.steps, view.tasks), next_cursor: taskCursor.write(view.next) };
  }

  @Delete(':run_id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Erases a finished run' })
  @ApiNoContentResponse({ description: 'It is gone.' })
  @Refuses(404, 409, 422, 503)
  async delete(@Param({ schema: RunParams }) { run_id }: RunParams, @Query({ schema: NoQuery }) _query: object): Promise<void> {
    const [answer] = await this.runs.delete({ runIds: [run_id] });
    if (answer?.verdict !== 'deleted') throw refuseVerdict(run_id, answer?.verdict ?? 'not_found');
  }

  private async found(runId: string): Promise<RunView> {
    const run = await this.reader.get(runId);
    if (!run) throw runNotFound(runId);
    return run;
  }
}
