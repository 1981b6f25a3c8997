// The reference of error codes: SQLSTATE from core, HTTP status from the router, words from error-words.mjs.
import { OUTCOMES, WORDS } from './error-words.mjs';
import { importSource } from './sources.mjs';
import { code, table } from './tables.mjs';

export async function errorCodes() {
  const { CODE_OF_SQLSTATE } = await importSource('packages/core/src/domain/errors.ts');
  const { STATUS_OF_CODE } = await importSource('apps/router/src/problem.filter.ts');
  const sqlstates = Object.entries(CODE_OF_SQLSTATE);
  const fromSql = new Set(Object.values(CODE_OF_SQLSTATE));
  const known = new Set([...fromSql, ...Object.keys(STATUS_OF_CODE)]);
  const silent = [...known].filter((name) => !(name in WORDS));
  const leftOver = Object.keys(WORDS).filter((name) => !known.has(name));
  if (silent.length > 0) throw new Error(`scripts/docs/error-words.mjs has no words for ${silent.join(', ')}`);
  if (leftOver.length > 0) throw new Error(`scripts/docs/error-words.mjs has words for codes that do not exist: ${leftOver.join(', ')}`);

  const status = (name) => STATUS_OF_CODE[name] ?? '';
  const fromRouter = Object.keys(STATUS_OF_CODE).filter((name) => !fromSql.has(name));
  return [
    '## From the engine',
    table(
      ['code', 'SQLSTATE', 'HTTP', 'meaning', 'what to do'],
      sqlstates.map(([sqlstate, name]) => [code(name), sqlstate, status(name), ...WORDS[name]]),
    ),
    '## From the services',
    table(
      ['code', 'HTTP', 'meaning', 'what to do'],
      fromRouter.map((name) => [code(name), status(name), ...WORDS[name]]),
    ),
    '## In the `error` of an attempt, a step or a run',
    table(
      ['code', 'meaning', 'where'],
      Object.entries(OUTCOMES).map(([name, [meaning, where]]) => [code(name), meaning, where]),
    ),
  ].join('\n\n');
}
