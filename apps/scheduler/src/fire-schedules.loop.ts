// Fires the schedules that are due: computes their slots, hands them over, and is told what became of each.
//
// Limits: SLOTS_MAX runs and INPUT_BYTES_MAX of inputs a call, SLOTS_PER_SECOND_MAX on the whole: ten thousand schedules of one second come over ten,
// so that a run which anybody else submits meanwhile does not wait behind all of them. A slot that is late for that is on time all the same.
// Events: schedules_fired, slots_passed_over, slot_refused, schedule_deferred.
import { setImmediate, setTimeout } from 'node:timers/promises';
import {
  type DueSchedule,
  type Duty,
  type FiringPlan,
  type FiringRow,
  isWorkflowError,
  logEvent,
  planFiring,
  reasonOf,
} from '@singularity-workflow/core';
import type { SchedulerParts } from './scheduler.js';

const SLOTS_MAX = 250;
const INPUT_BYTES_MAX = 8 * 1_048_576;
const SLOTS_PER_SECOND_MAX = 1_000;
/** Schedules that are computed between two turns of the event loop: some milliseconds. */
const PLANNED_PER_TURN = 50;

interface Planned extends DueSchedule {
  readonly plan: FiringPlan;
  /** Why there is no plan. */
  readonly error?: { code: string; message: string };
}

export const fireSchedules = (parts: SchedulerParts): Duty => ({
  name: 'fire-schedules',
  intervalMs: parts.tickMs,
  async tick(token, signal) {
    const due = await parts.schedules.due({ limit: SLOTS_MAX });
    if (due.length === 0) return 'idle';
    const planned = await planAll(due);
    const firings = planned.map(({ tenantId, name, revision, plan: { slots, nextFireAt }, error }) => {
      return { tenantId, name, revision, slots, nextFireAt, error };
    });
    const rows = await parts.schedules.fire({ token, firings });
    report(parts, planned, rows);
    const all = due.length < SLOTS_MAX && planned.length === due.length && !planned.some(({ plan }) => plan.cut);
    if (all || !rows.some(({ verdict }) => verdict === 'fired')) return 'idle';
    await setTimeout((1_000 * sumOf(rows, 'started')) / SLOTS_PER_SECOND_MAX, undefined, { signal });
    return 'more';
  },
});

/** As many of them as fit one call. */
async function planAll(due: readonly DueSchedule[]): Promise<Planned[]> {
  const planned: Planned[] = [];
  let slotsLeft = SLOTS_MAX;
  let bytesLeft = INPUT_BYTES_MAX;
  for (const schedule of due) {
    const fit = Math.min(slotsLeft, Math.floor(bytesLeft / schedule.inputBytes));
    if (fit < 1 && planned.length > 0) break;
    const next = planOne(schedule, Math.max(1, fit));
    planned.push(next);
    slotsLeft -= next.plan.slots.length;
    bytesLeft -= next.plan.slots.length * schedule.inputBytes;
    if (planned.length % PLANNED_PER_TURN === 0) await setImmediate();
  }
  return planned;
}

/** One that cannot be computed here (a time zone that this process does not know) must not hold up the others. */
function planOne(schedule: DueSchedule, slotsMax: number): Planned {
  try {
    return { ...schedule, plan: planFiring(schedule, slotsMax) };
  } catch (error) {
    const code = isWorkflowError(error) ? error.code : 'bad_cron';
    const plan = { slots: [], nextFireAt: null, passedOver: false, cut: false };
    return { ...schedule, plan, error: { code, message: reasonOf(error) } };
  }
}

function report({ wakeups, metrics, logger }: SchedulerParts, planned: readonly Planned[], rows: readonly FiringRow[]): void {
  for (const { ordinal, verdict, error, refused } of rows) {
    const schedule = planned[ordinal - 1];
    if (schedule === undefined || verdict === 'changed' || verdict === 'not_home') continue;
    const { tenantId, name, catchUp: rule, nextFireAt: from, plan, offsetMs, now } = schedule;
    const about = { tenantId, name, code: error?.code ?? '', reason: error?.message ?? '' };
    if (verdict === 'deferred') logEvent(logger, 'schedule_deferred', about);
    if (refused > 0) logEvent(logger, 'slot_refused', about);
    if (verdict === 'fired' && plan.passedOver) logEvent(logger, 'slots_passed_over', { tenantId, name, from, rule });
    if (verdict !== 'fired') continue;
    for (const slot of plan.slots) metrics.slotDelaySeconds.observe((now.getTime() - slot.getTime() - offsetMs) / 1_000);
  }
  for (const outcome of ['started', 'existing', 'refused'] as const) {
    if (sumOf(rows, outcome) > 0) metrics.slots.inc({ outcome }, sumOf(rows, outcome));
  }
  const started = sumOf(rows, 'started');
  if (started > 0) {
    metrics.runsStarted.inc(started);
    logEvent(logger, 'schedules_fired', { schedules: rows.filter((row) => row.started > 0).length, slots: started });
  }
  wakeups.notify(rows.flatMap(({ queues }) => queues ?? []));
}

function sumOf(rows: readonly FiringRow[], outcome: 'started' | 'existing' | 'refused'): number {
  return rows.reduce((sum, row) => sum + row[outcome], 0);
}
