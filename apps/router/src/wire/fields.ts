// The kinds of fields that requests are made of. Lengths are in characters (code points), as in SQL and in JSON Schema.
import {
  DURABILITIES,
  IDEMPOTENCY_KEY_CHARS_MAX,
  LABELS_MAX,
  LABEL_CHARS_MAX,
  PAGE_DEFAULT,
  PAGE_MAX,
  PRIORITIES,
} from '@singularity-workflow/core';
import { RUN_STATUSES, SLUG_PATTERN, TENANT_ID_CHARS_MAX } from '@singularity-workflow/core';
import { z } from 'zod';

/** With the flag u, a surrogate matches only where its other half is missing. */
export const HALF_PAIR = /\p{Surrogate}/u;
export const WAIT_MS_MAX = 60_000;

/** A non-empty text of at most `charsMax` characters that PostgreSQL can store. */
export function text(charsMax: number) {
  return z
    .string()
    .min(1, { error: 'must not be empty' })
    .refine((value) => fits(value, charsMax), { error: `is longer than ${charsMax} characters` })
    .refine((value) => !value.includes('\0'), { error: 'contains the character \\u0000' })
    .refine((value) => !HALF_PAIR.test(value), { error: 'contains half a surrogate pair' })
    .meta({ maxLength: charsMax });
}

function fits(value: string, charsMax: number): boolean {
  if (value.length <= charsMax) return true;
  return value.length <= 2 * charsMax && Array.from(value).length <= charsMax;
}

export const uuid = z.guid({ error: 'must be a UUID' }).transform((id) => id.toLowerCase());
export const slug = z.string().regex(SLUG_PATTERN, { error: `must match ${SLUG_PATTERN.source}` });
export const tenantId = text(TENANT_ID_CHARS_MAX);
export const idempotencyKey = text(IDEMPOTENCY_KEY_CHARS_MAX);
export const priority = z.enum(PRIORITIES);
export const durability = z.enum(DURABILITIES);
export const version = z.int().min(1).max(2_147_483_647);

/** RFC 3339 with any offset, years 1 to 9999; what leaves is UTC. */
export const time = z.iso
  .datetime({ offset: true, error: 'must be an RFC 3339 time such as 2030-01-31T12:00:00Z' })
  .refine((value) => inCalendar(new Date(value)), { error: 'must lie in the years 1 to 9999' })
  .transform((value) => new Date(value).toISOString());

function inCalendar(date: Date): boolean {
  const year = date.getUTCFullYear();
  return year >= 1 && year <= 9999;
}

const labelRecord = z
  .record(text(LABEL_CHARS_MAX), text(LABEL_CHARS_MAX))
  .refine((value) => Object.keys(value).length <= LABELS_MAX, { error: `has more than ${LABELS_MAX} labels` })
  .meta({ maxProperties: LABELS_MAX });

/** zod drops the key `__proto__` of a record without a word. */
export const labels = z.preprocess((value, context) => {
  if (typeof value === 'object' && value !== null && Object.hasOwn(value, '__proto__')) {
    context.addIssue({ code: 'custom', message: 'must not be named __proto__', path: ['__proto__'] });
  }
  return value;
}, labelRecord);

/** `30s`, `500ms`, `1m` or plain milliseconds; answers milliseconds. */
export const wait = z
  .string()
  .regex(/^\d{1,6}(ms|s|m)?$/, { error: 'must be a duration such as 30s, 500ms or 1m' })
  .transform(milliseconds)
  .refine((ms) => ms <= WAIT_MS_MAX, { error: `is longer than ${WAIT_MS_MAX / 1000}s` });

function milliseconds(duration: string): number {
  const unit = duration.replace(/^\d+/, '');
  return Number.parseInt(duration, 10) * (unit === 's' ? 1000 : unit === 'm' ? 60_000 : 1);
}

/** Numbers in a query string; JSON's own numbers are checked by `z.int()`. */
export function count(max: number) {
  return z
    .string()
    .regex(/^\d{1,10}$/, { error: 'must be a whole number' })
    .meta({ type: 'integer', minimum: 1, maximum: max, pattern: undefined })
    .transform(Number)
    .refine((value) => value >= 1 && value <= max, { error: `must lie between 1 and ${max}` });
}

export const page = { limit: count(PAGE_MAX).default(PAGE_DEFAULT), cursor: text(512).optional() };

/** A query parameter that may come once or several times, or as a list with commas. */
export const statuses = z
  .union([z.string(), z.array(z.string()).max(RUN_STATUSES.length)])
  .transform((value) => (Array.isArray(value) ? value : value.split(',')))
  .pipe(z.array(z.enum(RUN_STATUSES)).min(1).max(RUN_STATUSES.length));

/** How sure a read must be: from whatever is near, or from where it is written. */
export const consistency = z
  .enum(['eventual', 'strong'])
  .default('eventual')
  .meta({ description: 'strong: read where it is written, whatever replica is near.' });
export type Consistency = z.output<typeof consistency>;
export const reading = { consistency };
/** Of reads that take no other query. */
export const ReadQuery = z.strictObject(reading);
export type ReadQuery = z.output<typeof ReadQuery>;

/** Of routes that take no query: whatever comes is refused by name. */
export const NoQuery = z.strictObject({});
export const RunParams = z.strictObject({ run_id: uuid });
export type RunParams = z.output<typeof RunParams>;

/** RFC 3339 with microseconds, of microseconds since 1970 as text: what PostgreSQL keeps and a Date does not. */
export function isoOfMicros(micros: string): string {
  const milliseconds = new Date(Number(BigInt(micros) / 1000n)).toISOString();
  return `${milliseconds.slice(0, -1)}${micros.slice(-3)}Z`;
}

/** Of commands that take no body: none, or an empty object. */
export const NoBody = z.strictObject({}).default({});
