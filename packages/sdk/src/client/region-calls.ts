// Regions and tenants: who they are, how they do, and the commands that change them, read until they are over.
import type { CallOptions } from './client.js';
import { pause, type Transport } from './transport.js';
import type * as wire from './types.js';

const LOOK_MS = 500;

export class RegionCalls {
  constructor(private readonly transport: Transport) {}

  /** Members, leases, how far each is behind, what is sealed, what moves: as the region that answers knows it. */
  list({ signal }: CallOptions = {}): Promise<wire.Regions> {
    return this.transport.call({ method: 'GET', path: 'regions', signal });
  }

  add(region: wire.AddRegion, { signal }: CallOptions = {}): Promise<wire.RegionCommand> {
    return this.transport.call({ method: 'POST', path: 'regions', body: region, signal });
  }

  /** For good; it must hold no group any more. */
  remove(id: string, { signal }: CallOptions = {}): Promise<wire.RegionCommand> {
    return this.transport.call({ method: 'DELETE', path: pathOf(id), signal });
  }

  /** `force` is for a mesh of two that has lost one: a new mesh begins, without what only the lost region had. */
  failover(id: string, body: wire.FailOverRegion = {}, { signal }: CallOptions = {}): Promise<wire.RegionCommand> {
    return this.transport.call({ method: 'POST', path: `${pathOf(id)}/failover`, body, signal });
  }

  /** Hands all that is at home there to the others, by planned moves. */
  evacuate(id: string, body: wire.DrainRegion = {}, { signal }: CallOptions = {}): Promise<wire.RegionCommand> {
    return this.transport.call({ method: 'POST', path: `${pathOf(id)}/evacuate`, body, signal });
  }

  /** Hands back to the region what the one that answers took over from it: ask every region that has something of it. */
  restore(id: string, body: wire.DrainRegion = {}, { signal }: CallOptions = {}): Promise<wire.RegionCommand> {
    return this.transport.call({ method: 'POST', path: `${pathOf(id)}/restore`, body, signal });
  }

  /** Has it copy everything again. */
  resync(id: string, { signal }: CallOptions = {}): Promise<wire.RegionCommand> {
    return this.transport.call({ method: 'POST', path: `${pathOf(id)}/resync`, body: {}, signal });
  }

  command(commandId: string, { signal }: CallOptions = {}): Promise<wire.RegionCommand> {
    return this.transport.call({ method: 'GET', path: `regions/commands/${encodeURIComponent(commandId)}`, signal });
  }

  /** The command once it is done or has failed. It has no end of its own: give a signal where the wait must have one. */
  async waitFor(commandId: string, options: CallOptions = {}): Promise<wire.RegionCommand> {
    for (;;) {
      const command = await this.command(commandId, options);
      if (command.state === 'done' || command.state === 'failed') return command;
      await pause(LOOK_MS, options.signal);
    }
  }

  /** What was decided, newest first. */
  topology({ limit, cursor }: wire.PageQuery = {}, { signal }: CallOptions = {}): Promise<wire.Topology> {
    return this.transport.call({ method: 'GET', path: 'topology', query: { limit, cursor }, signal });
  }

  /** Rows from other regions that were dropped, or replaced what others did not know of; newest first, without the rows. */
  conflicts(
    { kind, run_id, limit, cursor }: wire.PageQuery & { readonly kind?: wire.ConflictKind; readonly run_id?: string } = {},
    { signal }: CallOptions = {},
  ): Promise<wire.ConflictPage> {
    return this.transport.call({ method: 'GET', path: 'replication/conflicts', query: { kind, run_id, limit, cursor }, signal });
  }

  conflict(conflictId: number, { signal }: CallOptions = {}): Promise<wire.Conflict> {
    return this.transport.call({ method: 'GET', path: `replication/conflicts/${conflictId}`, signal });
  }
}

export class TenantCalls {
  constructor(private readonly transport: Transport) {}

  /** Where it is at home, and what the registry says of it. */
  get(tenantId: string, { signal }: CallOptions = {}): Promise<wire.Tenant> {
    return this.transport.call({ method: 'GET', path: tenantPath(tenantId), signal });
  }

  /**
   * Registers a tenant, or changes what the registry says; what is left out stays. Where it may live never changes. With `fallback_regions` the command is done
   * when its home has given the tenant a group of its own.
   */
  change(tenantId: string, body: wire.ChangeTenant, { signal }: CallOptions = {}): Promise<wire.RegionCommand> {
    return this.transport.call({ method: 'PUT', path: tenantPath(tenantId), body, signal });
  }

  /** To another region, by a planned move; its home does it. */
  move(tenantId: string, body: wire.MoveTenant, { signal }: CallOptions = {}): Promise<wire.RegionCommand> {
    return this.transport.call({ method: 'POST', path: `${tenantPath(tenantId)}/move`, body, signal });
  }
}

function pathOf(id: string): string {
  return `regions/${encodeURIComponent(id)}`;
}

function tenantPath(tenantId: string): string {
  return `tenants/${encodeURIComponent(tenantId)}`;
}
