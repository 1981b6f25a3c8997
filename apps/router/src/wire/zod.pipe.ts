// Checks what a controller declares with `{ schema }` against that schema, which is also what the OpenAPI document shows.
import type { ArgumentMetadata, PipeTransform } from '@nestjs/common';
import { z } from 'zod';
import { Refusal, type RefusalCode } from './refusal.js';

/** Errors beyond this many are not listed: one is enough to refuse. */
const ERRORS_LISTED_MAX = 20;

export class ZodPipe implements PipeTransform {
  transform(value: unknown, metadata: ArgumentMetadata): unknown {
    const schema = metadata.schema as z.ZodType | undefined;
    if (!schema) return value;
    const result = schema.safeParse(value);
    if (result.success) return result.data;
    if (value === undefined && metadata.type === 'body') throw new Refusal('body_missing', 'The request has no body.', { field: 'body' });
    throw refusalOf(result.error);
  }
}

/** The first issue is the refusal; all of them (up to a bound) are listed. */
export function refusalOf(error: z.ZodError, prefix: PropertyKey[] = []): Refusal {
  const errors = error.issues.slice(0, ERRORS_LISTED_MAX).map((issue) => describeIssue(issue, prefix));
  const first = errors[0] ?? { field: 'body', message: 'is not valid' };
  return new Refusal(codeOf(error.issues[0]), `${first.field} ${first.message}.`, { field: first.field, facts: { errors } });
}

/** Fields whose rules SQL has too: the code is the same, whoever finds it. */
const CODE_OF_FIELD: ReadonlyMap<PropertyKey, RefusalCode> = new Map([
  ['tenant_id', 'bad_tenant_id'],
  ['idempotency_key', 'bad_idempotency_key'],
  ['labels', 'bad_labels'],
  ['label', 'bad_labels'],
  ['run_at', 'bad_time'],
  ['deadline', 'bad_time'],
  ['created_from', 'bad_time'],
  ['created_to', 'bad_time'],
  ['cron', 'bad_cron'],
  ['time_zone', 'bad_time_zone'],
  ['name', 'bad_schedule_name'],
]);

function codeOf(issue: z.core.$ZodIssue | undefined): RefusalCode {
  if (issue?.code === 'unrecognized_keys') return 'unknown_field';
  for (const key of issue?.path ?? []) {
    const code = CODE_OF_FIELD.get(key);
    if (code !== undefined) return code;
  }
  return 'invalid_request';
}

function describeIssue(issue: z.core.$ZodIssue, prefix: PropertyKey[]): { field: string; message: string } {
  const path = [...prefix, ...issue.path];
  if (issue.code === 'unrecognized_keys') {
    return { field: [...path, issue.keys[0] ?? ''].map(String).join('.'), message: 'is not a field of this request' };
  }
  return { field: path.map(String).join('.') || 'body', message: `is refused: ${lowerFirst(issue.message)}` };
}

function lowerFirst(sentence: string): string {
  return sentence.charAt(0).toLowerCase() + sentence.slice(1).replace(/\.$/, '');
}
