// What a handler threw, as it is reported. Never throws itself, whatever it was given.
import { retryVerdict } from '../errors.js';
import type { Failure } from './outcome-batcher.js';
import { OutputError } from './output.js';

const CAUSES_MAX = 5;

export function failureOf(thrown: unknown): Failure {
  try {
    if (thrown instanceof OutputError) return { code: thrown.code, message: thrown.message, retryable: false };
    const { retryable, retryAfterMs } = retryVerdict(thrown);
    const stack = isErrorLike(thrown) ? stackOf(thrown) : undefined;
    return { code: 'handler_failed', message: messageOf(thrown), stack, retryable, retryAfterMs };
  } catch {
    return { code: 'handler_failed', message: 'the handler threw something that cannot be read', retryable: true };
  }
}

/** Goes by shape: an error may come from another realm (a test runner's, a vm's). */
function isErrorLike(thrown: unknown): thrown is Error {
  return typeof thrown === 'object' && thrown !== null && typeof (thrown as Error).message === 'string';
}

function messageOf(thrown: unknown): string {
  if (isErrorLike(thrown)) return thrown.message || thrown.name || 'the handler threw an error without a message';
  return typeof thrown === 'string' ? thrown : `the handler threw ${JSON.stringify(thrown) ?? String(thrown)}`;
}

/** The stack with those of its causes, as Node prints an uncaught error. */
function stackOf(error: Error): string | undefined {
  let text = error.stack;
  let { cause } = error;
  for (let depth = 0; isErrorLike(cause) && depth < CAUSES_MAX; depth += 1) {
    text += `\ncaused by: ${cause.stack ?? cause.message}`;
    cause = cause.cause;
  }
  return text;
}
