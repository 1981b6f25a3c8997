import { Body, Controller, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { LeaseReader, OrchestratorReader, OrchestratorStore } from '@singularity-workflow/core';
import { z } from 'zod';
import { Answers, Refuses } from '../openapi.js';
import { Cursor } from '../wire/cursor.js';
import { NoQuery, ReadQuery } from '../wire/fields.js';
import { commandOnWire, eventOnWire, leadersOnWire } from '../wire/orchestrator.mapping.js';
import {
  Command, CommandPage, CommandParams, FailoverEventPage, FenceOrchestrator, Leaders, PageQuery, PromoteOrchestrator, StopOrchestrator,
} from '../wire/orchestrator.wire.js'; // prettier-ignore
import { Refusal } from '../wire/refusal.js';

type Wish = z.output<typeof StopOrchestrator>;
type Answer = Promise<z.infer<typeof Command>>;

const commandCursor = new Cursor('commands', z.string().regex(/^\d{1,18}:[0-9a-f-]{36}$/));
const eventCursor = new Cursor('failover-events', z.int());

@ApiTags('orchestrators')
@Controller('admin/orchestrator')
export class OrchestratorsController {
  constructor(
    private readonly orchestrators: OrchestratorStore,
    private readonly reader: OrchestratorReader,
    private readonly leases: LeaseReader,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Who leads, who could, what is under way, and who believes what is not so' })
  @Answers(200, Leaders, 'As the database says now.')
  @Refuses(422, 503)
  async state(@Query({ schema: ReadQuery }) _query: object): Promise<z.infer<typeof Leaders>> {
    const { leases, reader } = this;
    const [held, groups, open, beliefs] = await Promise.all([leases.list(), reader.groups(), reader.openCommands(), leases.splitBrains()]);
    return leadersOnWire({ held, groups, open, beliefs });
  }

  @Post('stop')
  @HttpCode(202)
  @ApiOperation({ summary: 'Drains a worker or a group, by default the one that leads; a group that leads gives the lease up then' })
  @Answers(202, Command, 'It is on its way; read the command to see what became of it.')
  @Refuses(400, 404, 409, 415, 422, 503)
  stop(@Body({ schema: StopOrchestrator }) body: Wish, @Query({ schema: NoQuery }) _query: object): Answer {
    return this.request('stop', body);
  }

  @Post('promote')
  @HttpCode(202)
  @ApiOperation({ summary: 'Hands the lease over in order, to a group, to that of a worker, or by default to the best standby' })
  @Answers(202, Command, 'It is on its way; read the command to see what became of it.')
  @Refuses(400, 404, 409, 415, 422, 503)
  promote(@Body({ schema: PromoteOrchestrator }) body: Wish, @Query({ schema: NoQuery }) _query: object): Answer {
    return this.request('promote', body);
  }

  @Post('fence')
  @HttpCode(202)
  @ApiOperation({ summary: 'Raises the token of a lease, so that everybody must acquire it anew: what ends a split brain' })
  @Answers(202, Command, 'The monitor does it; read the command to see that it has.')
  @Refuses(400, 404, 409, 415, 422, 503)
  async fence(
    @Body({ schema: FenceOrchestrator }) { lease, reason }: z.output<typeof FenceOrchestrator>,
    @Query({ schema: NoQuery }) _query: object,
  ): Answer {
    return commandOnWire(await this.orchestrators.request({ kind: 'fence', lease, reason }));
  }

  @Get('commands')
  @ApiOperation({ summary: 'Lists what was asked, newest first' })
  @Answers(200, CommandPage, 'A page.')
  @Refuses(400, 422, 503)
  async commands(@Query({ schema: PageQuery }) { cursor, limit }: z.output<typeof PageQuery>): Promise<z.infer<typeof CommandPage>> {
    const found = await this.reader.commands({ after: commandCursor.read(cursor), limit });
    return { commands: found.map(commandOnWire), next_cursor: commandCursor.after(found, limit, ({ key }) => key) };
  }

  @Get('commands/:command_id')
  @ApiOperation({ summary: 'What became of a command' })
  @Answers(200, Command, 'The command.')
  @Refuses(404, 422, 503)
  async command(
    @Param({ schema: CommandParams }) { command_id: commandId }: z.output<typeof CommandParams>,
    @Query({ schema: ReadQuery }) _query: object,
  ): Answer {
    const command = await this.reader.command(commandId);
    if (command === null) throw new Refusal('command_not_found', `There is no command ${commandId}.`, { field: 'command_id' });
    return commandOnWire(command);
  }

  @Get('events')
  @ApiOperation({ summary: 'Who led, who died, what was decided and why, newest first' })
  @Answers(200, FailoverEventPage, 'A page.')
  @Refuses(400, 422, 503)
  async events(@Query({ schema: PageQuery }) { cursor, limit }: z.output<typeof PageQuery>): Promise<z.infer<typeof FailoverEventPage>> {
    const found = await this.leases.changes({ before: eventCursor.read(cursor), limit });
    return { events: found.map(eventOnWire), next_cursor: eventCursor.after(found, limit, ({ eventId }) => eventId) };
  }

  private async request(kind: 'stop' | 'promote', { worker_id: workerId, group, drain_ms: drainMs, reason }: Wish): Answer {
    return commandOnWire(await this.orchestrators.request({ kind, workerId, group, drainMs, reason }));
  }
}
