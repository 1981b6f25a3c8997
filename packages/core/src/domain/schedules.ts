// What schedules are made of, as names. Their slots are computed in cron/, stored and fired by SQL.

/** What becomes of slots that were missed while nobody could fire: none of them, the latest, or all up to a bound. */
export const CATCH_UP_RULES = ['none', 'one', 'all'] as const;
export type CatchUpRule = (typeof CATCH_UP_RULES)[number];

/**
 * Of one schedule in fire_schedules:
 * - `fired`    its slots started runs, or were passed over; it has moved on
 * - `changed`  it is not what the caller saw: read it again
 * - `deferred` its slots could not be computed; it is looked at again in ten minutes
 * - `not_home` its tenant's home is another region
 */
export type FiringVerdict = 'fired' | 'changed' | 'deferred' | 'not_home';

export const SCHEDULE_NAME_PATTERN = /^[A-Za-z0-9][A-Za-z0-9._-]{0,127}$/;
