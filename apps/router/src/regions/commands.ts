// Commands that change the topology: rows that the monitor of this region, or of the one that must do it, carries out.
import type { CommandOfRegions, MemberRow, RegionStore, TopologyReader } from '@singularity-workflow/core';
import type { z } from 'zod';
import type { Answered, HomeRelay } from '../homes/home-relay.js';
import type { Exchange } from '../wire/exchange.js';
import type { Reads } from '../replica/reads.js';
import { askerOf } from '../keys/doorkeeper.js';
import { Refusal } from '../wire/refusal.js';
import { commandOnWire } from '../wire/region.mapping.js';
import type { RegionCommand } from '../wire/region.wire.js';

export interface RegionCommandsParts {
  readonly store: Pick<RegionStore, 'request'>;
  readonly topology: Pick<TopologyReader, 'members' | 'mesh' | 'command'>;
  readonly relay: HomeRelay;
  readonly reads: Pick<Reads, 'region'>;
}

type Kind = CommandOfRegions['command'];
type Command = z.infer<typeof RegionCommand>;

export class RegionCommands {
  constructor(private readonly parts: RegionCommandsParts) {}

  /** Throws `no_mesh` where there is one region alone. */
  async request(command: Kind, given: object, { request }: Pick<Exchange, 'request'>): Promise<Command> {
    const { store, topology, reads } = this.parts;
    const { commandId } = await store.request({ command, arguments: given, requestedBy: askerOf(request) });
    const row = await topology.command(commandId);
    return commandOnWire(row!, reads.region);
  }

  /** About a member. Throws Refusal `region_not_found`, and `no_mesh`. */
  async about(command: Kind, region: string, given: object, exchange: Exchange): Promise<Command> {
    await this.member(region);
    return this.request(command, { region, ...given }, exchange);
  }

  /** Asked of another region, which must do it itself. Throws Refusal `region_not_found`, `home_unavailable`; `no_mesh` where there is one region alone. */
  async at(
    region: string,
    { command, given, exchange }: { command: Kind; given: object; exchange: Exchange },
  ): Promise<Command | Answered | undefined> {
    const member = await this.member(region);
    return member === null ? this.request(command, { region, ...given }, exchange) : this.parts.relay.pass(region, exchange);
  }

  private async member(region: string): Promise<MemberRow | null> {
    const { topology } = this.parts;
    if ((await topology.mesh()) === null) return null; // SQL says so by name
    const found = (await topology.members()).find((member) => member.region === region);
    if (found === undefined) throw new Refusal('region_not_found', `There is no region ${region} in this mesh.`, { field: 'id' });
    return found;
  }
}
