// Which slots of a due schedule start a run now, and where it goes on. Pure: all times are arguments, and they are the database's.
//
// A slot is missed where it was due before `missedBefore`, when nobody could fire; otherwise it is on time, however late the leader comes to it.
// On-time slots all fire. Of missed ones the rule decides: `none` none; `one` the latest, unless a slot on time fires anyway; `all` the newest
// `catchUpMax`.
import type { CatchUpRule } from '../domain/index.js';
import { Slots } from './slots.js';

/** Slots on time that one schedule may have: beyond that the oldest are passed over, as after an outage. */
const ON_TIME_MAX = 1_000;

export interface DueSlots {
  readonly cron: string;
  readonly timeZone: string;
  readonly catchUp: CatchUpRule;
  readonly catchUpMax: number;
  /** The slot that has not been judged yet. */
  readonly nextFireAt: Date;
  /** The schedule's share of its jitter: it fires so much later than its slots. */
  readonly offsetMs: number;
  readonly now: Date;
  readonly missedBefore: Date;
}

export interface FiringPlan {
  /** Oldest first. */
  readonly slots: Date[];
  /** Null: never again. */
  readonly nextFireAt: Date | null;
  /** Missed slots were passed over. */
  readonly passedOver: boolean;
  /** Not all that is due did fit: the schedule is due again at once. */
  readonly cut: boolean;
}

/** At most `max` slots, the oldest of those that shall fire; the rest is due still, from `nextFireAt` on. Throws `bad_cron`, `bad_time_zone`. */
export function planFiring(due: DueSlots, max: number): FiringPlan {
  const slots = Slots.of(due.cron, due.timeZone);
  const first = due.nextFireAt;
  const until = new Date(due.now.getTime() - due.offsetMs);
  const missedBefore = new Date(due.missedBefore.getTime() - due.offsetMs);
  if (first >= missedBefore) {
    const next = slots.after(first);
    if (next === null || next > until) return { slots: [first], nextFireAt: next, passedOver: false, cut: false };
  }
  const firing = firingOf(due, { slots, first, until, missedBefore });
  const passedOver = firing[0]?.getTime() !== first.getTime();
  if (firing.length > max) return { slots: firing.slice(0, max), nextFireAt: firing[max]!, passedOver, cut: true };
  return { slots: firing, nextFireAt: slots.after(until), passedOver, cut: false };
}

interface Span {
  slots: Slots;
  first: Date;
  until: Date;
  missedBefore: Date;
}

function firingOf({ catchUp, catchUpMax }: DueSlots, span: Span): Date[] {
  const { until, missedBefore } = span;
  const onTime = newest(span, { from: missedBefore, until, max: ON_TIME_MAX });
  if (catchUp === 'none' || (catchUp === 'one' && onTime.length > 0)) return onTime;
  const lastMissed = new Date(Math.min(missedBefore.getTime() - 1, until.getTime()));
  return [...newest(span, { from: span.first, until: lastMissed, max: catchUp === 'one' ? 1 : catchUpMax }), ...onTime];
}

/** The waiting slot is one whatever the expression says by now: the rules of its time zone may have changed since it was stored. */
function newest({ slots, first }: Span, { from, until, max }: { from: Date; until: Date; max: number }): Date[] {
  const later = slots.newest(from > first ? from : new Date(first.getTime() + 1), until, max);
  return from <= first && first <= until && later.length < max ? [first, ...later] : later;
}
