// What a handler threw, as it is reported. Never throws itself, whatever it was given.
import { retryVerdict } from '../errors.js';
import type { Failure } from './outcome-batcher.js';
import { OutputError } from './output.js';

const CAUSES_MAX = 5;

export function failureOf(thrown: unknown): Failure {
  try {
    if (thrown instanceof OutputError) return { code: thrown.code, message: thrown.message, retryable: false };
    const { retryable, retryAfterMs } = retryVerdict(thrown);
    const stack = thrown instanceof Error ? stackOf(thrown) : undefined;
    return { code: 'handler_failed', message: messageOf(thrown), stack, retryable, retryAfterMs };
  } catch {
    return { code: 'handler_failed', message: 'the handler threw something that cannot be read', retryable: true };
  }
}

function messageOf(thrown: unknown): string {
  if (thrown instanceof Error) return thrown.message || thrown.name;
  return typeof thrown === 'string' ? thrown : `the handler threw ${JSON.stringify(thrown) ?? String(thrown)}`;
}

/** The stack with those of its causes, as Node prints an uncaught error. */
function stackOf(error: Error): string {
  let text = error.stack ?? String(error);
  let { cause } = error;
  for (let depth = 0; cause instanceof Error && depth < CAUSES_MAX; depth += 1) {
    text += `\ncaused by: ${cause.stack ?? String(cause)}`;
    cause = cause.cause;
  }
  return text;
}
