// What arguments mean: JSON, labels, durations. A mistake is commander's: it names the option.
import { readFile } from 'node:fs/promises';
import { InvalidArgumentError } from 'commander';
import type { Terminal } from './terminal.js';

/** JSON as it stands, `@file`, or `-` for standard input. */
export async function jsonOf(text: string, terminal: Terminal): Promise<unknown> {
  const source = text === '-' ? await terminal.read() : text.startsWith('@') ? await readFile(text.slice(1), 'utf8') : text;
  try {
    return JSON.parse(source);
  } catch (error) {
    throw new InvalidArgumentError(`--input is no JSON: ${(error as Error).message}`);
  }
}

/** Collects `name=value`. */
export function label(text: string, earlier: Readonly<Record<string, string>> = {}): Record<string, string> {
  const at = text.indexOf('=');
  if (at < 1) throw new InvalidArgumentError('A label is name=value.');
  return { ...earlier, [text.slice(0, at)]: text.slice(at + 1) };
}

const UNIT_MS = { ms: 1, s: 1_000, m: 60_000, h: 3_600_000 } as const;

/** `500ms`, `30s`, `5m`, `1h`; in milliseconds. */
export function duration(text: string): number {
  const [, amount, unit] = /^(\d{1,9})(ms|s|m|h)$/.exec(text) ?? [];
  if (amount === undefined) throw new InvalidArgumentError('A duration is like 500ms, 30s, 5m or 1h.');
  return Number(amount) * UNIT_MS[unit as keyof typeof UNIT_MS];
}

export function wholeNumber(text: string): number {
  if (!/^\d{1,15}$/.test(text)) throw new InvalidArgumentError('It must be a whole number.');
  return Number(text);
}
