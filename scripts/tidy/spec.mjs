// Every row of SPEC.md's tables names at least one test that exists, as `path/to/file.test.ts` "its title". The path is below packages/core, or of
// the whole repository.
import { pick } from './tree.mjs';

const SPEC = 'packages/core/SPEC.md';
const reference = /`([^`]+\.test\.ts)`\s*:?\s*"([^"]+)"/g;
const isSeparator = (line) => /^\|[\s:|-]+\|$/.test(line.trim());

/** Lines of tables below their heading and separator. */
function rows(text) {
  const lines = text.split('\n');
  return lines
    .map((line, at) => ({ line, number: at + 1 }))
    .filter(({ line, number }) => {
      if (!line.startsWith('|') || isSeparator(line)) return false;
      return !isSeparator(lines[number] ?? '');
    });
}

/** Titles are compared without quotes' escapes, for a title with an apostrophe is written 'it\'s' in the source. */
const holds = (source, title) => source.replaceAll(/\\(['"`])/g, '$1').includes(title);

function check(tree) {
  if (pick(tree, /^packages\/core\/sql\/functions\//).length === 0) return [];
  const text = tree.get(SPEC);
  if (text === undefined) return [`${SPEC} is missing`];
  const all = rows(text);
  if (all.length === 0) return [`${SPEC}: has no row`];
  return all.flatMap(({ line, number }) => {
    const references = [...line.matchAll(reference)];
    if (references.length === 0) return [`${SPEC}:${number}: names no test (\`path.test.ts\` "title")`];
    return references.flatMap(([, path, title]) => {
      const source = tree.get(`packages/core/${path}`) ?? tree.get(path);
      if (source === undefined) return [`${SPEC}:${number}: there is no ${path}`];
      return holds(source, title) ? [] : [`${SPEC}:${number}: ${path} has no test "${title}"`];
    });
  });
}

const spec = (row) => ({
  'packages/core/sql/functions/runs/a.sql': '',
  [SPEC]: `# Invariants\n\n| invariant | enforced by |\n|---|---|\n${row}\n`,
  'packages/core/test/a.test.ts': String.raw`it('refuses what isn\'t held', ...)`,
});
const rightRow = '| One holder | `assert_lease`, `test/a.test.ts` "refuses what isn\'t held" |';

export default {
  name: 'spec',
  check,
  right: [spec(rightRow), spec(rightRow.replace('`test/', '`packages/core/test/'))],
  wrong: [
    { plant: spec('| One holder | `assert_lease` |'), expect: /:5: names no test/ },
    { plant: spec(rightRow.replace('refuses', 'allows')), expect: /has no test "allows/ },
    { plant: spec(rightRow.replace('a.test.ts', 'b.test.ts')), expect: /there is no test\/b\.test\.ts/ },
    { plant: spec(''), expect: /has no row/ },
    { plant: { 'packages/core/sql/functions/runs/a.sql': '' }, expect: /SPEC\.md is missing/ },
  ],
};
