import type { Schedule, ScheduleSummary } from '@singularity-workflow/sdk/client';
import type { Row } from './terminal.js';

/** A schedule as one line of a list. */
export function scheduleRow(schedule: ScheduleSummary): Row {
  const { name, tenant_id, cron, time_zone, workflow, paused, next_fire_at, last_slot_at, last_error } = schedule;
  return {
    name,
    tenant: tenant_id,
    cron,
    time_zone,
    workflow,
    next: paused ? 'paused' : next_fire_at,
    last: last_slot_at,
    last_error: last_error?.code ?? null,
  };
}

/** A schedule as a list of its facts. */
export function scheduleFacts(schedule: Schedule): Row[] {
  const { version, catch_up, catch_up_max, labels, last_error } = schedule;
  const facts: Record<string, string | number | null> = {
    name: schedule.name,
    tenant: schedule.tenant_id,
    cron: `${schedule.cron} in ${schedule.time_zone}`,
    workflow: `${schedule.workflow}, ${version === null ? 'active version' : `version ${version}`}`,
    input: JSON.stringify(schedule.input),
    labels: Object.keys(labels).length === 0 ? null : JSON.stringify(labels),
    priority: schedule.priority,
    catch_up: catch_up === 'all' ? `all, at most ${catch_up_max}` : catch_up,
    jitter_ms: schedule.jitter_ms === 0 ? null : schedule.jitter_ms,
    next: schedule.paused ? 'paused' : schedule.next_fire_at,
    last: schedule.last_slot_at,
    last_run: schedule.last_run_id,
    last_error: last_error === null ? null : `${last_error.code}: ${last_error.message}`,
  };
  return Object.entries(facts).flatMap(([fact, value]) => (value === null ? [] : [{ fact, value }]));
}
