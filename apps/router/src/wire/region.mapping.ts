// From core's rows to what the wire says of regions.
import { type CommandOfRegions, type ConflictSummary, type LogRow, sentenceOfValue, type TenantRow } from '@singularity-workflow/core';
import type { z } from 'zod';
import type { Conflict, ConflictPage, RegionCommand, Tenant, Topology } from './region.wire.js';

export function commandOnWire(command: CommandOfRegions, region: string): z.infer<typeof RegionCommand> {
  return {
    command_id: command.commandId,
    region,
    command: command.command as z.infer<typeof RegionCommand>['command'],
    arguments: { ...command.arguments },
    state: command.state,
    requested_by: command.requestedBy,
    requested_at: command.requestedAt.toISOString(),
    finished_at: command.finishedAt?.toISOString() ?? null,
    outcome: command.outcome,
  };
}

export function tenantOnWire(tenant: TenantRow, own: string): z.infer<typeof Tenant> {
  return {
    tenant_id: tenant.tenantId,
    region: tenant.region ?? (tenant.here ? own : null),
    here: tenant.here,
    group: tenant.placementGroup,
    own_group: tenant.ownGroup,
    epoch: tenant.tenure,
    registered: tenant.registered,
    residency: tenant.zone,
    fallback_regions: tenant.fallbackRegions,
    default_durability: tenant.defaultDurability,
  };
}

/** A member that nobody knows by name any more is called by its id. */
export function entryOnWire(
  { epoch, value, decidedAt, learnedAt }: LogRow,
  names: ReadonlyMap<string, string>,
): z.infer<typeof Topology>['entries'][number] {
  return {
    epoch,
    sentence: sentenceOfValue(value, (memberId) => names.get(memberId) ?? memberId),
    value: { ...value },
    decided_at: decidedAt.toISOString(),
    learned_at: learnedAt.toISOString(),
  };
}

export function conflictOnWire(
  row: ConflictSummary,
  nameOf: (subscription: string) => string,
): z.infer<typeof ConflictPage>['conflicts'][number] {
  return {
    conflict_id: row.conflictId,
    at: row.at.toISOString(),
    from: nameOf(row.sender),
    table: row.tableName,
    kind: row.kind as z.infer<typeof Conflict>['kind'],
    run_id: row.runId,
    incoming_epoch: row.incomingEpoch,
    stored_epoch: row.storedEpoch,
  };
}
