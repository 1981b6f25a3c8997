// Keeps results: a JSON and a picture for each, named by date, size, part and commit, so that none overwrites another.
import { mkdirSync, writeFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import type { Result } from './result.js';

const RESULTS = fileURLToPath(new URL('../../results/', import.meta.url));

/** Answers the two paths. */
export function save(result: Result, picture: string): string[] {
  mkdirSync(RESULTS, { recursive: true });
  const moment = result.date.slice(0, 16).replace(':', '');
  const part = result.part === null ? '' : `-${result.part.join('+')}`;
  const base = `${RESULTS}${moment}-${result.mode}${part}-${result.commit.replace('+', '-changed')}`;
  writeJson(`${base}.json`, result);
  writeFileSync(`${base}.svg`, picture);
  return [`${base}.json`, `${base}.svg`];
}

export function writeJson(path: string, result: Result): void {
  writeFileSync(path, `${JSON.stringify(result, null, 2)}\n`);
}
