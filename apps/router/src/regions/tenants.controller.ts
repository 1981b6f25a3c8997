// Tenants: where they are at home and may live, and how they are moved. The registry is part of the log: a change is a command that the monitor proposes.
import { Body, Controller, Get, HttpCode, Param, Post, Put, Query } from '@nestjs/common';
import { ApiOperation, ApiTags } from '@nestjs/swagger';
import { TopologyReader } from '@singularity-workflow/core';
import type { z } from 'zod';
import { type Answered, HomeRelay } from '../homes/home-relay.js';
import { type Exchange, InExchange } from '../wire/exchange.js';
import { Homes } from '../homes/homes.js';
import { Answers, Refuses } from '../openapi.js';
import { Reads } from '../replica/reads.js';
import { NoQuery, ReadQuery } from '../wire/fields.js';
import { Refusal } from '../wire/refusal.js';
import { tenantOnWire } from '../wire/region.mapping.js';
import { ChangeTenant, MoveTenant, RegionCommand, Tenant, TenantParams } from '../wire/region.wire.js';
import { RegionCommands } from './commands.js';

type Params = z.output<typeof TenantParams>;
const ON_ITS_WAY = 'It is on its way; read the command to see what became of it.';

@ApiTags('tenants')
@Controller('api/tenants/:id')
export class TenantsController {
  constructor(
    private readonly topology: TopologyReader,
    private readonly commands: RegionCommands,
    private readonly homes: Homes,
    private readonly relay: HomeRelay,
    private readonly reads: Reads,
  ) {}

  @Get()
  @ApiOperation({ summary: 'Where a tenant is at home, and what the registry says of it; a tenant that it does not know has the defaults' })
  @Answers(200, Tenant, 'As this region knows it.')
  @Refuses(422, 503)
  async get(
    @Param({ schema: TenantParams }) { id }: Params,
    @Query({ schema: ReadQuery }) _query: object,
  ): Promise<z.infer<typeof Tenant>> {
    return tenantOnWire(await this.topology.tenant(id), this.reads.region);
  }

  @Put()
  @HttpCode(202)
  @ApiOperation({
    summary: 'Registers a tenant, or changes what the registry says of it; what is left out stays. Any region takes it',
    description:
      'With fallback_regions the tenant gets a group of its own, for only that can be handed on without others: its home proposes that, and the command is ' +
      'done when it has one (working until then). It keeps it when the list is emptied. 409 no_mesh where there is one region alone: nobody could take over.',
  })
  @Answers(202, RegionCommand, ON_ITS_WAY)
  @Refuses(400, 409, 415, 422, 503)
  async change(
    @Param({ schema: TenantParams }) { id }: Params,
    @Body({ schema: ChangeTenant }) body: z.output<typeof ChangeTenant>,
    @Query({ schema: NoQuery }) _query: object,
    @InExchange() exchange: Exchange,
  ): Promise<z.infer<typeof RegionCommand>> {
    await this.checkResidency(id, body.residency);
    return this.commands.request('register', { tenants: [{ tenant_id: id, ...body }] }, exchange);
  }

  @Post('move')
  @HttpCode(202)
  @ApiOperation({ summary: 'Moves a tenant to another region, by a planned move; it gets a group of its own. Its home does it' })
  @Answers(202, RegionCommand, ON_ITS_WAY)
  @Refuses(400, 404, 409, 415, 422, 503)
  async move(
    @Param({ schema: TenantParams }) { id }: Params,
    @Body({ schema: MoveTenant }) { region, drain_ms: drainMs }: z.output<typeof MoveTenant>,
    @Query({ schema: NoQuery }) _query: object,
    @InExchange() exchange: Exchange,
  ): Promise<z.infer<typeof RegionCommand> | Answered | undefined> {
    const home = await this.homes.of(id, { fresh: true });
    if (home.region === null)
      throw new Refusal('unknown_tenant', `Tenant ${id} is not registered, or not known here yet.`, { field: 'id' });
    if (!home.here && !this.relay.isForwarded(exchange.request)) return this.relay.pass(home.region, exchange);
    return this.commands.about('move', region, { tenants: [id], ...(drainMs === undefined ? {} : { drain_ms: drainMs }) }, exchange);
  }

  /** What the log would learn as nothing is refused by name instead. */
  private async checkResidency(tenantId: string, wanted: string | undefined): Promise<void> {
    const mesh = await this.topology.mesh();
    if (wanted === undefined || mesh === null) return;
    const { registered, zone } = await this.topology.tenant(tenantId);
    if (registered && zone !== wanted) {
      const detail = `Tenant ${tenantId} is resident in ${zone}, and that never changes.`;
      throw new Refusal('residency_fixed', detail, { field: 'residency', facts: { residency: zone } });
    }
    const zones = mesh.hasZones ? (await this.topology.members()).map((member) => member.zone) : ['global'];
    if (!zones.includes(wanted)) {
      const detail = mesh.hasZones ? `No region is in zone ${wanted}.` : 'This mesh has no zones: tenants are global.';
      throw new Refusal('invalid_request', detail, { field: 'residency', facts: { zones: [...new Set(zones)] } });
    }
  }
}
