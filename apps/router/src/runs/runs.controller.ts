import { Controller, Delete, Get, HttpCode, Param, Query } from '@nestjs/common';
import { ApiNoContentResponse, ApiOperation, ApiTags } from '@nestjs/swagger';
import { isFinalRunStatus, RunStore } from '@singularity-workflow/core';
import { z } from 'zod';
import { Answers, Refuses } from '../openapi.js';
import { type Answered, HomeRelay, isAnswered } from '../homes/home-relay.js';
import { type Exchange, InExchange } from '../wire/exchange.js';
import { Reads } from '../replica/reads.js';
import { Cursor } from '../wire/cursor.js';
import { count, NoQuery, reading, RunParams, text, wait } from '../wire/fields.js';
import { goneSignal } from '../wire/gone.js';
import { requestedOnWire, runOnWire, stepsOnWire, summaryOnWire } from '../wire/run.mapping.js';
import { Run, RunPage, Steps } from '../wire/run.wire.js';
import { refuseVerdict } from './run-refusals.js';
import { RunEnds } from './run-ends.js';
import { type Found, RunReads } from './run-reads.js';
import { ListQuery, runFilter } from './run-filter.js';

const TASKS_PER_PAGE_MAX = 1_000;

const RunQuery = z.strictObject({ wait: wait.optional(), ...reading });
const StepsQuery = z.strictObject({
  limit: count(TASKS_PER_PAGE_MAX).default(TASKS_PER_PAGE_MAX),
  cursor: text(512).optional(),
  ...reading,
});

const runCursor = new Cursor('runs', z.guid());
const taskCursor = new Cursor('tasks', z.object({ stepIndex: z.int().min(0), taskIndex: z.int().min(-1) }));

@ApiTags('runs')
@Controller('api/workflows')
export class RunsController {
  constructor(
    private readonly reads: Reads,
    private readonly runs: RunStore,
    private readonly ends: RunEnds,
    private readonly runReads: RunReads,
    private readonly relay: HomeRelay,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Lists runs, newest first; a page may be shorter than its limit and have a next one' })
  @Answers(200, RunPage, 'A page.')
  @Refuses(400, 422, 503)
  async list(@Query({ schema: ListQuery }) query: ListQuery, @InExchange() exchange: Exchange): Promise<object> {
    const { readers, ...age } = this.reads.from(query.consistency, exchange.reply);
    if (!this.runReads.mayHave(query.region)) return { runs: [], next_cursor: null };
    const filter = runFilter(query, query.label);
    const { runs, nextBefore } = await readers.runs.list({ filter, before: runCursor.read(query.cursor), limit: query.limit });
    const homeOf = await this.runReads.homesOf(runs, age, exchange);
    const wanted = runs.filter((run) => query.region === undefined || homeOf(run) === query.region);
    return { runs: wanted.map((run) => summaryOnWire(run, homeOf(run))), next_cursor: runCursor.write(nextBefore) };
  }

  @Get(':run_id')
  @ApiOperation({ summary: 'Reads a run; with ?wait answers when it has ended, or after that time as it is then' })
  @Answers(200, Run, 'The run.')
  @Refuses(404, 422, 429, 503)
  async get(
    @Param({ schema: RunParams }) { run_id }: RunParams,
    @Query({ schema: RunQuery }) query: z.output<typeof RunQuery>,
    @InExchange() exchange: Exchange,
  ): Promise<object> {
    const found = await this.runReads.one(run_id, query.consistency, exchange);
    const isOver = found.kind === 'answered' || (found.kind === 'run' && isFinalRunStatus(found.found.run.status));
    if (query.wait === undefined || isOver) return onWire(found);
    await this.ends.wait(run_id, query.wait, goneSignal(exchange.reply));
    return onWire(await this.runReads.again(run_id, exchange));
  }

  @Get(':run_id/steps')
  @ApiOperation({ summary: 'Reads the steps of a run and a page of their tasks, with the attempts that failed' })
  @Answers(200, Steps, 'All steps; the tasks of this page.')
  @Refuses(400, 404, 422, 503)
  async steps(
    @Param({ schema: RunParams }) { run_id }: RunParams,
    @Query({ schema: StepsQuery }) query: z.output<typeof StepsQuery>,
    @InExchange() exchange: Exchange,
  ): Promise<object> {
    const page = { runId: run_id, after: taskCursor.read(query.cursor), taskLimit: query.limit };
    const asked = { consistency: query.consistency, exchange };
    const view = await this.runReads.partOf(run_id, asked, (runs) => runs.steps(page));
    if (isAnswered(view)) return view;
    return { run_id, steps: stepsOnWire(view.steps, view.tasks), next_cursor: taskCursor.write(view.next) };
  }

  @Delete(':run_id')
  @HttpCode(204)
  @ApiOperation({ summary: 'Erases a finished run' })
  @ApiNoContentResponse({ description: 'It is gone.' })
  @Refuses(404, 409, 422, 503)
  async delete(
    @Param({ schema: RunParams }) { run_id }: RunParams,
    @Query({ schema: NoQuery }) _query: object,
    @InExchange() exchange: Exchange,
  ): Promise<Answered | undefined> {
    return this.relay.atHome(run_id, exchange, async () => {
      const [answer] = await this.runs.delete({ runIds: [run_id] });
      if (answer?.verdict !== 'deleted') throw refuseVerdict(run_id, answer?.verdict ?? 'not_found');
      return undefined;
    });
  }
}

function onWire(found: Found): object {
  if (found.kind === 'answered') return found.body;
  if (found.kind === 'requested') return requestedOnWire(found.request, found.region);
  return runOnWire(found.found.run, found.found);
}
