// A SQL function stands in a file of its own that is named as it, says first what it is for, has no search path, and is short. Two exceptions: a SET
// clause keeps the planner from inlining, and a procedure with one cannot commit, so what has a line `-- Inlined: <why>` or `-- Commits: <why>` in its
// header goes without, if its rights are its caller's.
// Runs, steps and tasks are written through the views that hold their laws; only what other regions have written goes to the tables.
import { basename } from 'node:path';
import { pick } from './tree.mjs';

const LINES_MAX = 80;
const LAWFUL = { workflow_runs: 'lawful_runs', step_states: 'lawful_steps', step_tasks: 'lawful_tasks' };

/** Leading comment and blank lines. */
export function splitHeader(text) {
  const lines = text.trimEnd().split('\n');
  const end = lines.findIndex((line) => line.trim() !== '' && !line.startsWith('--'));
  return { header: lines.slice(0, end), body: end < 0 ? [] : lines.slice(end) };
}

function mistakes(path, text) {
  const found = [];
  const name = basename(path, '.sql');
  const { header, body } = splitHeader(text);
  const defined = [...text.matchAll(/^create\s+(or\s+replace\s+)?(function|procedure)\s+([\w.]+)/gim)]; // indented: text that the function executes
  if (!text.startsWith('-- ')) found.push('begins without a comment that says what the function is for');
  if (defined.length !== 1) found.push(`defines ${defined.length} functions; one file, one function`);
  if (defined[0] && defined[0][3] !== `workflow.${name}`) found.push(`defines ${defined[0][3]}, its name says workflow.${name}`);
  if (defined[0] && !defined[0][1]) found.push('says create, not create or replace: it could not be applied again');
  const inlined = header.some((line) => /^-- (Inlined|Commits): /.test(line)) && !/security definer/i.test(text);
  if (!inlined && !/^\s*set search_path = ''/m.test(text))
    found.push("has no line `set search_path = ''` (nor `-- Inlined: <why>` or `-- Commits: <why>` above)");
  if (body.length > LINES_MAX) found.push(`has ${body.length} lines below its header of ${header.length}, the limit is ${LINES_MAX}`);
  if (!/\/(replication|triggers)\//.test(path)) {
    for (const [, table] of text.matchAll(/\b(?:insert\s+into|update)\s+workflow\.(workflow_runs|step_states|step_tasks)\b/g))
      found.push(`writes workflow.${table} past its laws: write workflow.${LAWFUL[table]}`);
  }
  return found.map((mistake) => `${path}: ${mistake}`);
}

const good =
  "-- Does good.\ncreate or replace function workflow.good() returns void language sql\n  set search_path = ''\nas $$ select 1 $$;\n";
const withoutPath = good.replace(/^.*\n/, '').replace("set search_path = ''", 'volatile');
const at = (name) => `packages/core/sql/functions/runs/${name}.sql`;

export default {
  name: 'sql-functions',
  check: (tree) => pick(tree, /^packages\/core\/sql\/(functions|triggers)\/.*\.sql$/).flatMap(([path, text]) => mistakes(path, text)),
  right: [{ [at('good')]: good }, { [at('good')]: `-- Does good.\n-- Inlined: in scans.\n${withoutPath}` }],
  wrong: [
    { plant: { [at('other')]: good }, expect: /its name says workflow\.other/ },
    { plant: { [at('good')]: good.replace(/^.*\n/, '') }, expect: /without a comment/ },
    { plant: { [at('good')]: good + good }, expect: /defines 2 functions/ },
    { plant: { [at('good')]: `-- Does good.\n${withoutPath}` }, expect: /search_path/ },
    {
      plant: { [at('good')]: `-- Does good.\n-- Inlined: x.\n${withoutPath.replace('volatile', 'security definer')}` },
      expect: /search_path/,
    },
    { plant: { [at('good')]: good.replace('or replace ', '') }, expect: /not create or replace/ },
    { plant: { [at('good')]: good + '--\n'.repeat(80) }, expect: /has 83 lines/ },
    {
      plant: { [at('good')]: good.replace('select 1', 'update workflow.step_tasks t set attempt = 1') },
      expect: /past its laws: write workflow\.lawful_tasks/,
    },
  ],
};
