// Reads a JSON body and refuses what the database could not keep as it was sent: nesting beyond the bound, duplicate keys (the last one
// would win in silence), numbers that a double changes, \u0000 and half surrogate pairs (PostgreSQL's jsonb has neither), bad UTF-8.
// One pass over the bytes proves that nothing suspicious is there (about 1 ns a byte, next to JSON.parse); only what it finds is looked at
// again, slowly, to name the field.
import { isUtf8 } from 'node:buffer';
import { HALF_PAIR } from './fields.js';
import { Refusal } from './refusal.js';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const COLON = 0x3a;
const LETTER_U = 0x75;
/** Every integer of this many digits is exact as a double. */
const EXACT_INTEGER_CHARS = 15;
/** A decimal of this many characters neither overflows nor vanishes; its last digits may be rounded, as everywhere. */
const SAFE_DECIMAL_CHARS = 300;

interface Suspicions {
  depth: number;
  /** Keys written in the text; fewer in the parsed value means duplicates. */
  keys: number;
  inexactNumber: boolean;
  unicodeEscape: boolean;
}

export function parseStrictJson(body: Buffer, depthMax: number): unknown {
  if (!isUtf8(body)) throw new Refusal('bad_utf8', 'The body is not valid UTF-8.', { field: 'body' });
  const found = scan(body);
  if (found.depth > depthMax) {
    const facts = { json_depth_max: depthMax };
    throw new Refusal('json_too_deep', `The body is nested deeper than ${depthMax} levels.`, { field: 'body', facts });
  }
  const text = body.toString('utf8');
  const value = parse(text);
  if (found.unicodeEscape) refuseBrokenText(value, '');
  if (found.inexactNumber) refuseInexactNumbers(text);
  if (countKeys(value) < found.keys) throw duplicateKey(text);
  return value;
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    throw new Refusal('bad_json', `The body is not valid JSON: ${(error as Error).message}`, { field: 'body' });
  }
}

function scan(bytes: Buffer): Suspicions {
  const found: Suspicions = { depth: 0, keys: 0, inexactNumber: false, unicodeEscape: false };
  let depth = 0;
  for (let i = 0; i < bytes.length; i++) {
    const byte = bytes[i]!;
    if (byte === QUOTE) {
      for (i++; i < bytes.length && bytes[i] !== QUOTE; i++) {
        if (bytes[i] === BACKSLASH && bytes[++i] === LETTER_U) found.unicodeEscape = true;
      }
    } else if (byte === COLON) {
      found.keys++;
    } else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > found.depth) found.depth = depth;
    } else if (byte === 0x7d || byte === 0x5d) {
      depth--;
    } else if (byte >= 0x30 && byte <= 0x39) {
      const start = i;
      while (isNumberByte(bytes[i + 1])) i++;
      if (mayBeInexact(bytes, start, i)) found.inexactNumber ||= changedByDouble(bytes.toString('latin1', start, i + 1));
    }
  }
  return found;
}

function isNumberByte(byte: number | undefined): boolean {
  if (byte === undefined) return false;
  return (byte >= 0x30 && byte <= 0x39) || byte === 0x2e || byte === 0x65 || byte === 0x45 || byte === 0x2b || byte === 0x2d;
}

/** A short literal is exact; a longer one may not be where it is an integer, has an exponent, or is very long. */
function mayBeInexact(bytes: Buffer, start: number, end: number): boolean {
  const chars = end - start + 1;
  let integer = true;
  for (let i = start; i <= end; i++) {
    const byte = bytes[i];
    if (byte === 0x65 || byte === 0x45) return true;
    if (byte === 0x2e) integer = false;
  }
  return chars > (integer ? EXACT_INTEGER_CHARS : SAFE_DECIMAL_CHARS);
}

function countKeys(value: unknown): number {
  if (typeof value !== 'object' || value === null) return 0;
  let keys = 0;
  if (Array.isArray(value)) {
    for (const element of value) if (typeof element === 'object') keys += countKeys(element);
    return keys;
  }
  for (const key of Object.keys(value)) {
    const child = (value as Record<string, unknown>)[key];
    keys += typeof child === 'object' ? 1 + countKeys(child) : 1;
  }
  return keys;
}

function refuseBrokenText(value: unknown, path: string): void {
  if (typeof value === 'string') refuseUnstorable(value, path);
  else if (Array.isArray(value)) value.forEach((element, index) => refuseBrokenText(element, join(path, String(index))));
  else if (typeof value === 'object' && value !== null) {
    for (const [key, child] of Object.entries(value)) {
      refuseUnstorable(key, path);
      refuseBrokenText(child, join(path, key));
    }
  }
}

/** PostgreSQL keeps neither \u0000 nor half a surrogate pair; said here so that the field can be named. */
function refuseUnstorable(text: string, field: string): void {
  if (text.includes('\0'))
    throw new Refusal('nul_character', `${field || 'The body'} contains the character \\u0000.`, { field: field || 'body' });
  if (HALF_PAIR.test(text)) {
    throw new Refusal('broken_unicode', `${field || 'The body'} contains half a surrogate pair.`, { field: field || 'body' });
  }
}

/** A number is refused when another one would be stored: too large, vanishing, or an integer that comes out with other digits. */
function changedByDouble(literal: string): boolean {
  const value = Number(literal);
  if (!Number.isFinite(value)) return true;
  if (value === 0) return /[1-9]/.test(literal.replace(/[eE].*$/, ''));
  return /^-?\d+$/.test(literal) && literal !== String(value) && BigInt(literal) !== BigInt(value);
}

type ReviverWithSource = (this: unknown, key: string, value: unknown, context: { source?: string }) => unknown;

function refuseInexactNumbers(text: string): void {
  let culprit: { holder: unknown; key: string; source: string } | undefined;
  const reviver: ReviverWithSource = function (key, value, context) {
    if (!culprit && typeof value === 'number' && changedByDouble(context.source ?? '0')) {
      culprit = { holder: this, key, source: context.source ?? '' };
    }
    return value;
  };
  const root: unknown = JSON.parse(text, reviver as (key: string, value: unknown) => unknown);
  if (!culprit) return;
  const field = join(pathOf(culprit.holder, root, '') ?? '', culprit.key) || 'body';
  const literal = culprit.source.length > 40 ? `${culprit.source.slice(0, 40)}...` : culprit.source;
  throw new Refusal('number_not_exact', `${field} is ${literal}, which a double cannot hold; send it as a string.`, { field });
}

function pathOf(wanted: unknown, value: unknown, path: string): string | undefined {
  if (value === wanted) return path;
  if (typeof value !== 'object' || value === null) return undefined;
  for (const [key, child] of Object.entries(value)) {
    const found = pathOf(wanted, child, join(path, key));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Finds the first key that its object already has. Runs only when one exists. */
function duplicateKey(text: string): Refusal {
  const open: (Set<string> | null)[] = [];
  const token = /"(?:[^"\\]|\\.)*"(\s*:)?|[{}[\]]/g;
  for (const [match, colon] of text.matchAll(token)) {
    if (match === '{') open.push(new Set());
    else if (match === '[') open.push(null);
    else if (match === '}' || match === ']') open.pop();
    else if (colon !== undefined) {
      const key = JSON.parse(match.slice(0, -colon.length)) as string;
      const keys = open.at(-1);
      if (keys?.has(key)) return new Refusal('duplicate_key', `The key "${key}" comes twice in one object.`, { field: key });
      keys?.add(key);
    }
  }
  return new Refusal('duplicate_key', 'A key comes twice in one object.', { field: 'body' });
}

function join(path: string, key: string): string {
  return path === '' ? key : `${path}.${key}`;
}
