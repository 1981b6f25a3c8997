// A function that services may call (grants.sql grants it) can be called from TypeScript by a store's method, and has a test in the folder that
// mirrors its own. One that a view calls (whoever reads the view needs the grant) has the view for a method, and may be tested by it.
// What grants.sql names exists.
import { basename, dirname } from 'node:path';
import { mentions, pick } from './tree.mjs';

const GRANTS = 'packages/core/sql/grants.sql';
const FUNCTIONS = 'packages/core/sql/functions/';

const textOf = (tree, pattern) =>
  pick(tree, pattern)
    .map(([, text]) => text)
    .join('\n');

const grantedBy = (grants) => new Set([...grants.replaceAll(/--.*$/gm, '').matchAll(/\bworkflow\.(\w+)\s*\(/g)].map(([, name]) => name));

function check(tree) {
  const files = new Map(pick(tree, /^packages\/core\/sql\/functions\/.*\.sql$/).map(([path]) => [basename(path, '.sql'), path]));
  if (files.size === 0) return [];
  const grants = tree.get(GRANTS);
  if (grants === undefined) return [`${GRANTS} is missing: nobody may call anything`];
  const store = textOf(tree, /^packages\/core\/src\/store\/.*\.ts$/);
  const views = pick(tree, /^packages\/core\/sql\/views\/.*\.sql$/);
  return [...grantedBy(grants)].flatMap((name) => {
    const path = files.get(name);
    if (path === undefined) return [`${GRANTS}: names workflow.${name}, which has no file`];
    const callers = views.filter(([, text]) => mentions(text, name)).map(([view]) => basename(view, '.sql'));
    const folder = `packages/core/test/sql/${dirname(path.slice(FUNCTIONS.length))}/`;
    const tests = [...tree].filter(([file]) => file.startsWith(folder)).map(([, text]) => text);
    const tested = tests.some((text) => [name, ...callers].some((one) => mentions(text, one)));
    return [
      ...(callers.length > 0 || mentions(store, name) ? [] : [`${path}: granted, but no method below packages/core/src/store names it`]),
      ...(tested ? [] : [`${path}: granted, but no test below ${folder} names it`]),
    ];
  });
}

const right = {
  [`${FUNCTIONS}runs/start_runs.sql`]: '',
  [`${FUNCTIONS}runs/internal.sql`]: '',
  [GRANTS]: '-- internal is called by SQL only\ngrant execute on function workflow.start_runs(jsonb) to workflow_router;',
  'packages/core/src/store/runs.store.ts': "callSql('start_runs')",
  'packages/core/test/sql/runs/start_runs.test.ts': "it('start_runs ...')",
};
const without = (path) => Object.fromEntries(Object.entries(right).filter(([name]) => name !== path));

const viewed = {
  ...without('packages/core/src/store/runs.store.ts'),
  'packages/core/sql/views/starts.sql': 'select * from workflow.start_runs()',
  'packages/core/test/sql/runs/start_runs.test.ts': 'select * from workflow.starts',
};

export default {
  name: 'sql-public',
  check,
  right: [right, viewed],
  wrong: [
    { plant: without('packages/core/src/store/runs.store.ts'), expect: /no method below/ },
    { plant: { ...right, 'packages/core/src/store/runs.store.ts': 'restart_runs' }, expect: /no method below/ },
    { plant: without('packages/core/test/sql/runs/start_runs.test.ts'), expect: /no test below packages\/core\/test\/sql\/runs\// },
    { plant: without(GRANTS), expect: /grants\.sql is missing/ },
    { plant: without(`${FUNCTIONS}runs/start_runs.sql`), expect: /names workflow\.start_runs, which has no file/ },
  ],
};
