// The slots of a cron expression in a time zone: when its wall clock shows what the expression says. Computed by croner; nothing else here knows it.
//
// Daylight saving, as croner documents it (rule `no-wildcard`) and as cron(8) does. A fixed time (`30 2 * * *`, lists and ranges too) that the clock
// skips fires once, at the first moment after the gap; one that it shows twice fires once, the first time. An interval (`*` or a step in seconds,
// minutes or hours) goes by real time: what is skipped does not happen, what comes twice fires twice.
//
// Limits: five fields, or six with seconds first, or a nickname (@hourly, @daily, ...); no years, no dates. Whole seconds.
// Errors: bad_cron, bad_time_zone
import { Cron } from 'croner';
import { reasonOf, WorkflowError } from '../domain/index.js';

const SHAPE = /^(@[a-z]+|\S+( \S+){4,5})$/i;
/** Parsed expressions that are kept: making one costs 100 us, and 10,000 schedules often share a few. */
const KEPT_MAX = 2_000;

const kept = new Map<string, Slots>();

export class Slots {
  private constructor(
    private readonly cron: Cron,
    private readonly expression: string,
  ) {}

  /** Throws `bad_cron` (field cron), also for one that never comes true, and `bad_time_zone` (field time_zone). */
  static of(expression: string, timeZone: string): Slots {
    const key = `${timeZone} ${expression}`;
    const found = kept.get(key);
    if (found !== undefined) return found;
    const slots = new Slots(parse(expression, checked(timeZone)), expression);
    if (kept.size >= KEPT_MAX) kept.delete(kept.keys().next().value!);
    kept.set(key, slots);
    return slots;
  }

  /** The first slot after a moment; null where there is none any more. */
  after(moment: Date): Date | null {
    return this.asked(() => this.cron.nextRun(moment));
  }

  /** As `after`, where there must be one. Throws `bad_cron`. */
  firstAfter(moment: Date): Date {
    const slot = this.after(moment);
    if (slot === null) throw badCron(this.expression, 'it names no time that ever comes');
    return slot;
  }

  /** The newest slots in [from, until], oldest first, at most `max` of them. Costs as much as `max` slots, however long the span. */
  newest(from: Date, until: Date, max: number): Date[] {
    const found: Date[] = [];
    if (until < from || max < 1) return found;
    for (let slot = this.after(new Date(from.getTime() - 1)); slot !== null && slot <= until; slot = this.after(slot)) {
      if (found.length === max) return this.asked(() => this.cron.previousRuns(max, new Date(until.getTime() + 1))).toReversed();
      found.push(slot);
    }
    return found;
  }

  private asked<Answer>(ask: () => Answer): Answer {
    try {
      return ask();
    } catch (error) {
      throw badCron(this.expression, reasonOf(error));
    }
  }
}

function parse(expression: string, timezone: string): Cron {
  const pattern = expression.trim().replace(/\s+/g, ' ');
  if (!SHAPE.test(pattern)) throw badCron(expression, 'it must have five fields, or six with seconds, or be a nickname such as @daily');
  try {
    return new Cron(pattern, { timezone, paused: true, mode: '5-or-6-parts', fixedTimeRule: 'no-wildcard' });
  } catch (error) {
    throw badCron(expression, reasonOf(error).replace(/^CronPattern: /, ''));
  }
}

/** An IANA name (croner would take the empty one as the zone of this process); no offsets, which know no daylight saving. */
function checked(timeZone: string): string {
  try {
    if (!/^[A-Za-z]/.test(timeZone)) throw new RangeError('not a name');
    new Intl.DateTimeFormat('en', { timeZone });
    return timeZone;
  } catch (cause) {
    throw new WorkflowError('bad_time_zone', `"${timeZone}" is no time zone; take a name such as Europe/Berlin or UTC`, {
      field: 'time_zone',
      cause,
    });
  }
}

function badCron(expression: string, reason: string): WorkflowError {
  return new WorkflowError('bad_cron', `the cron expression "${expression}" cannot be used: ${reason}`, { field: 'cron' });
}
