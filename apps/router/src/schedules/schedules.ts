// Making and changing schedules: the slots are computed here, by the clock of the database; what they are for stands in SQL.
import { isWorkflowError, type ScheduleName, type ScheduleRow, type ScheduleStore, Slots, WorkflowError } from '@singularity-workflow/core';
import { fieldsOf } from '../wire/schedule.mapping.js';
import type { ScheduleBody, ScheduleChange } from '../wire/schedule.wire.js';

/** A schedule that fires each second is another one before each of these. */
const CHANGE_TRIES = 5;

type Store = Pick<ScheduleStore, 'now' | 'create' | 'update'>;

export class Schedules {
  constructor(private readonly store: Store) {}

  /** Throws `bad_cron` and `bad_time_zone` beside what the store throws. */
  async create({ tenant_id: tenantId, name, ...rest }: ScheduleBody): Promise<ScheduleRow & { created: boolean }> {
    const { cron, time_zone: timeZone, workflow } = rest;
    const first = Slots.of(cron, timeZone).firstAfter(await this.store.now());
    return this.store.create({
      ...fieldsOf(rest),
      tenantId,
      name,
      cron,
      timeZone,
      workflow,
      nextFireAt: rest.paused === true ? null : first,
    });
  }

  /** SQL says whether the change needs a new first slot, and of what; it is stored if the schedule is still the one that it was computed for. */
  async change(who: ScheduleName, wanted: ScheduleChange): Promise<ScheduleRow> {
    const change = fieldsOf(wanted);
    const now = await this.store.now();
    if (wanted.cron !== undefined) Slots.of(wanted.cron, 'UTC').firstAfter(now);
    if (wanted.time_zone !== undefined) Slots.of('@daily', wanted.time_zone);
    for (let tries = 1; ; tries += 1) {
      try {
        return await this.store.update({ ...who, change });
      } catch (error) {
        if (!isWorkflowError(error, 'next_slot_needed')) throw error;
        const { cron, time_zone: timeZone, revision } = error.facts as { cron: string; time_zone: string; revision: number };
        const nextFireAt = Slots.of(cron, timeZone).firstAfter(now);
        const changed = await this.store.update({ ...who, change: { ...change, nextFireAt }, revision }).catch(orChangedMeanwhile);
        if (changed !== null) return changed;
        if (tries === CHANGE_TRIES)
          throw new WorkflowError('schedule_changed', `Schedule ${who.name} is being changed by others; try again.`);
      }
    }
  }
}

function orChangedMeanwhile(error: unknown): null {
  if (isWorkflowError(error, 'schedule_changed')) return null;
  throw error;
}
