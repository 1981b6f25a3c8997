// From rows about orchestrators to what goes over the wire.
import type { CommandRow, GroupRow, LeaseReader, LeaseRow, OpenCommandRow, SplitBrainRow } from '@singularity-workflow/core';
import type { z } from 'zod';
import type { Command, FailoverEvent, Leaders } from './orchestrator.wire.js';

export function commandOnWire(command: CommandRow): z.infer<typeof Command> {
  return {
    command_id: command.commandId,
    kind: command.kind,
    lease: command.lease,
    worker_id: command.workerId,
    group: command.targetGroup,
    drain_ms: command.drainMs,
    reason: command.reason,
    requested_by: command.requestedBy,
    requested_at: command.requestedAt.toISOString(),
    overdue_at: command.overdueAt.toISOString(),
    state: command.state,
    outcome: command.outcome,
    token: command.token,
    finished_at: command.finishedAt?.toISOString() ?? null,
  };
}

export interface LeadersSeen {
  readonly held: readonly LeaseRow[];
  readonly groups: readonly GroupRow[];
  readonly open: readonly OpenCommandRow[];
  readonly beliefs: readonly SplitBrainRow[];
}

export function leadersOnWire({ held, groups, open, beliefs }: LeadersSeen): z.infer<typeof Leaders> {
  return {
    leases: held.map(({ name, holder, holderGroup, holderState, token, acquiredAt, expiresAt, expired }) => ({
      name,
      leader: expired ? null : (holderGroup ?? holder),
      worker_id: holder,
      leader_state: holderState,
      token,
      acquired_at: acquiredAt.toISOString(),
      expires_at: expiresAt.toISOString(),
    })),
    groups: groups.map(({ group, role, state, workers, running, capacity, silentMs }) => {
      return { group, role, state, workers, running, capacity, silent_ms: silentMs };
    }),
    commands: open.map(commandOnWire),
    split_brains: beliefs.map(({ lease, workerId, believed, token }) => ({ lease, worker_id: workerId, believed, token })),
  };
}

type EventRow = Awaited<ReturnType<LeaseReader['changes']>>[number];

export function eventOnWire(event: EventRow): z.infer<typeof FailoverEvent> {
  return {
    event_id: event.eventId,
    at: event.occurredAt.toISOString(),
    kind: event.kind,
    subject: event.subject,
    former: event.former,
    successor: event.successor,
    reason: event.reason,
    without_ms: event.withoutMs,
    recorded_by: event.recordedBy,
  };
}
