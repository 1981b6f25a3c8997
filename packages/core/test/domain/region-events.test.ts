import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { REGION_EVENT_KINDS } from '../../src/domain/index.js';
import { fileURLToPath } from 'node:url';

const FUNCTIONS = fileURLToPath(new URL('../../sql/functions/', import.meta.url));

/** Kinds that SQL may write: each literal that stands in the first argument of note_region_event. */
function kindsOfSql(): string[] {
  const files = readdirSync(FUNCTIONS, { recursive: true, encoding: 'utf8' }).filter((file) => file.endsWith('.sql'));
  const calls = files.flatMap((file) => {
    const text = readFileSync(join(FUNCTIONS, file), 'utf8');
    return [...text.matchAll(/perform workflow\.note_region_event\(\s*(case.*?end|'\w+'( \|\| p_state)?),/gs)].map(([, first]) => first!);
  });
  return calls.flatMap((first) => {
    const kinds = [...first.matchAll(/(?:then|else|^) ?'(\w+)'/g)].map(([, kind]) => kind!);
    return first.endsWith('p_state') ? ['done', 'failed'].map((state) => `${kinds[0]}${state}`) : kinds;
  });
}

it('every kind of event that SQL tells of regions is in the list, and no other', () => {
  expect([...new Set(kindsOfSql())].toSorted()).toEqual(Object.keys(REGION_EVENT_KINDS).toSorted());
});
