// Regions: who they are and how they do; what changes the topology is a command that the monitor carries out, and that can be read until it is over.
import { Body, Controller, Delete, Get, HttpCode, Param, Post, Query } from '@nestjs/common';
import { ApiBody, ApiOperation, ApiTags } from '@nestjs/swagger';
import { TopologyReader } from '@singularity-workflow/core';
import type { z } from 'zod';
import { type Answered, HomeRelay } from '../homes/home-relay.js';
import { type Exchange, InExchange } from '../wire/exchange.js';
import { Answers, Refuses } from '../openapi.js';
import { Reads } from '../replica/reads.js';
import { NoBody, NoQuery, ReadQuery } from '../wire/fields.js';
import { Refusal } from '../wire/refusal.js';
import { commandOnWire } from '../wire/region.mapping.js';
import { AddRegion, CommandParams, DrainBody, FailOver, RegionCommand, RegionParams, Regions } from '../wire/region.wire.js';
import { RegionCommands } from './commands.js';
import { RegionOverview } from './overview.js';

type Answer = Promise<z.infer<typeof RegionCommand> | Answered | undefined>;
type Params = z.output<typeof RegionParams>;
const ON_ITS_WAY = 'It is on its way; read the command to see what became of it.';

@ApiTags('regions')
@Controller('api/regions')
export class RegionsController {
  constructor(
    private readonly overview: RegionOverview,
    private readonly commands: RegionCommands,
    private readonly topology: TopologyReader,
    private readonly relay: HomeRelay,
    private readonly reads: Reads,
  ) {}

  @Get()
  @ApiOperation({ summary: 'The regions as this one knows them: members, leases, how far each is behind, what is sealed, what moves' })
  @Answers(200, Regions, 'As the database of this region says now.')
  @Refuses(422, 503)
  list(@Query({ schema: ReadQuery }) _query: object): Promise<z.infer<typeof Regions>> {
    return this.overview.look();
  }

  @Post()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Adds a region: its database must answer, and be empty. Secrets are not taken; REGIONS names the files that have them',
  })
  @Answers(202, RegionCommand, ON_ITS_WAY)
  @Refuses(400, 409, 415, 422, 503)
  add(
    @Body({ schema: AddRegion }) body: z.output<typeof AddRegion>,
    @Query({ schema: NoQuery }) _query: object,
    @InExchange() exchange: Exchange,
  ): Answer {
    const { id: region, zone, ...addresses } = body;
    return this.commands.request('add', { region, zone, addresses }, exchange);
  }

  @Get('commands/:command_id')
  @ApiOperation({ summary: 'What became of a command, here or at the region that carries it out' })
  @Answers(200, RegionCommand, 'The command.')
  @Refuses(404, 422, 503)
  async command(
    @Param({ schema: CommandParams }) { command_id: commandId }: z.output<typeof CommandParams>,
    @Query({ schema: ReadQuery }) _query: object,
    @InExchange() exchange: Exchange,
  ): Answer {
    const command = await this.topology.command(commandId);
    if (command !== null) return commandOnWire(command, this.reads.region);
    const elsewhere = await this.relay.readElsewhere(exchange);
    if (elsewhere === null) throw new Refusal('command_not_found', `There is no command ${commandId}.`, { field: 'command_id' });
    return elsewhere;
  }

  @Delete(':id')
  @HttpCode(202)
  @ApiOperation({ summary: 'Removes a region for good; it must hold no group any more' })
  @Answers(202, RegionCommand, ON_ITS_WAY)
  @Refuses(404, 409, 422, 503)
  async remove(
    @Param({ schema: RegionParams }) { id }: Params,
    @Query({ schema: NoQuery }) _query: object,
    @InExchange() exchange: Exchange,
  ): Answer {
    return this.commands.about('remove', id, {}, exchange);
  }

  @Post(':id/failover')
  @HttpCode(202)
  @ApiOperation({
    summary: 'Takes its groups from a region that is gone: with a majority that happens by itself; force is for a mesh of two',
  })
  @ApiBody({ required: false, schema: { $ref: '#/components/schemas/FailOverRegion' } })
  @Answers(202, RegionCommand, ON_ITS_WAY)
  @Refuses(400, 404, 409, 415, 422, 503)
  failover(
    @Param({ schema: RegionParams }) { id }: Params,
    @Body({ schema: FailOver }) { force, also = [] }: z.output<typeof FailOver>,
    @Query({ schema: NoQuery }) _query: object,
    @InExchange() exchange: Exchange,
  ): Answer {
    return this.commands.about('failover', id, { force, ...(also.length === 0 ? {} : { regions: also }) }, exchange);
  }

  @Post(':id/evacuate')
  @HttpCode(202)
  @ApiOperation({ summary: 'Hands all groups of a region to the others, by planned moves; the region itself does it' })
  @ApiBody({ required: false, schema: { $ref: '#/components/schemas/DrainRegion' } })
  @Answers(202, RegionCommand, ON_ITS_WAY)
  @Refuses(400, 404, 409, 415, 422, 503)
  evacuate(
    @Param({ schema: RegionParams }) { id }: Params,
    @Body({ schema: DrainBody }) body: z.output<typeof DrainBody>,
    @Query({ schema: NoQuery }) _query: object,
    @InExchange() exchange: Exchange,
  ): Answer {
    if (id !== this.reads.region && !this.relay.isForwarded(exchange.request))
      return this.commands.at(id, { command: 'evacuate', given: body, exchange });
    return this.commands.about('evacuate', id, body, exchange);
  }

  @Post(':id/restore')
  @HttpCode(202)
  @ApiOperation({ summary: 'Hands back to a region what this one took over from it; ask every region that has something of it' })
  @ApiBody({ required: false, schema: { $ref: '#/components/schemas/DrainRegion' } })
  @Answers(202, RegionCommand, ON_ITS_WAY)
  @Refuses(400, 404, 409, 415, 422, 503)
  restore(
    @Param({ schema: RegionParams }) { id }: Params,
    @Body({ schema: DrainBody }) body: z.output<typeof DrainBody>,
    @Query({ schema: NoQuery }) _query: object,
    @InExchange() exchange: Exchange,
  ): Answer {
    return this.commands.about('restore', id, body, exchange);
  }

  @Post(':id/resync')
  @HttpCode(202)
  @ApiOperation({ summary: 'Has a region copy everything again; it must hold no group' })
  @Answers(202, RegionCommand, ON_ITS_WAY)
  @Refuses(400, 404, 409, 415, 422, 503)
  resync(
    @Param({ schema: RegionParams }) { id }: Params,
    @Body({ schema: NoBody }) _body: object,
    @Query({ schema: NoQuery }) _query: object,
    @InExchange() exchange: Exchange,
  ): Answer {
    return this.commands.about('resync', id, {}, exchange);
  }
}
