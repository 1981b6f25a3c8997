import { PRIORITIES, type ScheduleFields, type ScheduleRow } from '@singularity-workflow/core';
import type { Schedule, ScheduleChange, ScheduleSummary } from './schedule.wire.js';

export function summaryOnWire(row: Omit<ScheduleRow, 'input'>): ScheduleSummary {
  return {
    tenant_id: row.tenantId,
    name: row.name,
    cron: row.cron,
    time_zone: row.timeZone,
    workflow: row.workflow,
    version: row.version,
    labels: row.labels,
    priority: PRIORITIES[row.priority]!,
    catch_up: row.catchUp,
    catch_up_max: row.catchUpMax,
    jitter_ms: row.jitterMs,
    paused: row.paused,
    next_fire_at: row.nextFireAt?.toISOString() ?? null,
    due_at: row.dueAt?.toISOString() ?? null,
    last_slot_at: row.lastSlotAt?.toISOString() ?? null,
    last_run_id: row.lastRunId,
    last_error: row.lastError,
    created_at: row.createdAt.toISOString(),
    updated_at: row.updatedAt.toISOString(),
  };
}

export function scheduleOnWire(row: ScheduleRow): Schedule {
  return { ...summaryOnWire(row), input: row.input };
}

/** What is undefined is not sent on, so that it stays. */
export function fieldsOf(change: ScheduleChange): Partial<ScheduleFields> {
  return {
    cron: change.cron,
    timeZone: change.time_zone,
    workflow: change.workflow,
    version: change.version,
    input: change.input as ScheduleFields['input'],
    labels: change.labels,
    priority: change.priority,
    catchUp: change.catch_up,
    catchUpMax: change.catch_up_max,
    jitterMs: change.jitter_ms,
    paused: change.paused,
  } as Partial<ScheduleFields>;
}
