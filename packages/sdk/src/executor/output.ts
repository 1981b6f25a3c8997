// What a handler returned, as the JSON that is reported: serialised once, when the attempt ends, so that nothing that happens to the
// object later can reach the batch it travels in. What JSON would change in silence is refused by name instead.
import { ERROR_BYTES_MAX, JSON_DEPTH_MAX, TASK_OUTPUT_BYTES_MAX } from '@singularity-workflow/core';

export type OutputErrorCode = 'invalid_output' | 'output_too_large';

/** The attempt is over and no other would end better: never retried. */
export class OutputError extends Error {
  override readonly name = 'OutputError';
  constructor(
    readonly code: OutputErrorCode,
    message: string,
  ) {
    super(message);
  }
}

/** A UTF-16 unit is at most three bytes of UTF-8. */
const BYTES_PER_UNIT_MAX = 3;
/** JSON.stringify escapes a lone surrogate and NUL; an even number of backslashes before the escape is an escaped backslash. */
const UNSTORABLE = /(?<!\\)(?:\\\\)*\\u(?:0000|d[89a-f][0-9a-f]{2})/;

/** JSON text of an output; undefined is null. Throws an OutputError. */
export function outputText(output: unknown): string {
  if (output === undefined || output === null) return 'null';
  if (output === true) return 'true';
  const text = stringified(output);
  if (text.includes('\\u') && UNSTORABLE.test(text)) {
    throw new OutputError(
      'invalid_output',
      'the output has a string with \\u0000 or half a surrogate pair, which the database cannot store',
    );
  }
  if (text.length * BYTES_PER_UNIT_MAX > TASK_OUTPUT_BYTES_MAX) {
    const bytes = Buffer.byteLength(text);
    if (bytes > TASK_OUTPUT_BYTES_MAX) {
      throw new OutputError('output_too_large', `the output has ${bytes} bytes as JSON, more than ${TASK_OUTPUT_BYTES_MAX}`);
    }
  }
  return text;
}

/** Getters, proxies and toJSON are the handler's code: what they throw is about the output too. */
function stringified(output: unknown): string {
  try {
    if (isJson(output, 0)) return JSON.stringify(output) ?? 'null';
    throw new OutputError('invalid_output', faultOf(output, 'output', 0) ?? 'the output is no JSON');
  } catch (error) {
    if (error instanceof OutputError) throw error;
    throw new OutputError('invalid_output', `the output is no JSON: ${error instanceof Error ? error.message : String(error)}`);
  }
}

/** False for what JSON.stringify would drop, replace or never finish. `undefined` in an object is left out, as everybody expects. */
function isJson(value: unknown, depth: number): boolean {
  switch (typeof value) {
    case 'string':
    case 'boolean':
    case 'undefined':
      return true;
    case 'number':
      return Number.isFinite(value);
    case 'object':
      break;
    default:
      return false;
  }
  if (value === null || saysItself(value)) return true;
  if (depth >= JSON_DEPTH_MAX || value instanceof Map || value instanceof Set) return false;
  if (Array.isArray(value)) {
    for (let index = 0; index < value.length; index += 1) if (!isJson(value[index], depth + 1)) return false;
    return true;
  }
  for (const key of Object.keys(value)) if (!isJson((value as Record<string, unknown>)[key], depth + 1)) return false;
  return true;
}

function saysItself(value: object): boolean {
  return typeof (value as { toJSON?: unknown }).toJSON === 'function';
}

/** The first thing that `isJson` stumbled over, as a sentence. Apart from it because a good output should cost no path. */
function faultOf(value: unknown, path: string, depth: number): string | undefined {
  if (isJson(value, depth)) return undefined;
  if (typeof value === 'number') return `${path} is ${value}, which JSON cannot say`;
  if (typeof value !== 'object' || value === null) return `${path} is a ${typeof value}, which JSON cannot say`;
  if (depth >= JSON_DEPTH_MAX) return `the output is nested deeper than ${JSON_DEPTH_MAX} levels, or refers to itself`;
  if (value instanceof Map || value instanceof Set) return `${path} is a ${value.constructor.name}, which JSON would make {}`;
  for (const [key, inner] of Object.entries(value)) {
    const fault = faultOf(inner, Array.isArray(value) ? `${path}[${key}]` : `${path}.${key}`, depth + 1);
    if (fault !== undefined) return fault;
  }
  return undefined;
}

/** A text that the database can store, of at most ERROR_BYTES_MAX bytes: an error is reported whatever it says. */
export function storableText(text: string): string {
  // UTF-8 has no half surrogate pairs: Buffer puts U+FFFD in their place.
  const bytes = Buffer.from(text.replaceAll('\u0000', '\u2400'));
  return bytes.length <= ERROR_BYTES_MAX
    ? bytes.toString()
    : bytes
        .subarray(0, ERROR_BYTES_MAX)
        .toString()
        .replace(/\uFFFD$/, '');
}
