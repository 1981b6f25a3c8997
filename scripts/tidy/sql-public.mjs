// A function that services may call (it is named in grants.sql) can be called from TypeScript by a store's method, and has a test in the folder that
// mirrors its own. What grants.sql names exists.
import { basename, dirname } from 'node:path';
import { mentions, pick } from './tree.mjs';

const GRANTS = 'packages/core/sql/grants.sql';
const FUNCTIONS = 'packages/core/sql/functions/';

function check(tree) {
  const functions = pick(tree, /^packages\/core\/sql\/functions\/.*\.sql$/).map(([path]) => path);
  if (functions.length === 0) return [];
  const grants = tree.get(GRANTS);
  if (grants === undefined) return [`${GRANTS} is missing: nobody may call anything`];
  const granted = grants.replaceAll(/--.*$/gm, '');
  const store = pick(tree, /^packages\/core\/src\/(store|migrate|queue)\/.*\.ts$/)
    .map(([, text]) => text)
    .join('\n');
  const found = [];
  for (const path of functions) {
    const name = basename(path, '.sql');
    if (!mentions(granted, name)) continue;
    const folder = `packages/core/test/sql/${dirname(path.slice(FUNCTIONS.length))}/`;
    const tested = [...tree].some(([file, text]) => file.startsWith(folder) && mentions(text, name));
    if (!mentions(store, name)) found.push(`${path}: granted, but no method below packages/core/src/store names it`);
    if (!tested) found.push(`${path}: granted, but no test below ${folder} names it`);
  }
  const known = new Set(functions.map((path) => basename(path, '.sql')));
  for (const [, name] of granted.matchAll(/\bon function workflow\.(\w+)/gi)) {
    if (!known.has(name)) found.push(`${GRANTS}: names workflow.${name}, which has no file`);
  }
  return found;
}

const right = {
  [`${FUNCTIONS}runs/start_runs.sql`]: '',
  [`${FUNCTIONS}runs/internal.sql`]: '',
  [GRANTS]: '-- internal is called by SQL only\ngrant execute on function workflow.start_runs(jsonb) to workflow_router;',
  'packages/core/src/store/runs.store.ts': "callSql('start_runs')",
  'packages/core/test/sql/runs/start_runs.test.ts': "it('start_runs ...')",
};
const without = (path) => Object.fromEntries(Object.entries(right).filter(([name]) => name !== path));

export default {
  name: 'sql-public',
  check,
  right: [right],
  wrong: [
    { plant: without('packages/core/src/store/runs.store.ts'), expect: /no method below/ },
    { plant: { ...right, 'packages/core/src/store/runs.store.ts': 'restart_runs' }, expect: /no method below/ },
    { plant: without('packages/core/test/sql/runs/start_runs.test.ts'), expect: /no test below packages\/core\/test\/sql\/runs\// },
    { plant: without(GRANTS), expect: /grants\.sql is missing/ },
    { plant: without(`${FUNCTIONS}runs/start_runs.sql`), expect: /names workflow\.start_runs, which has no file/ },
  ],
};
