// No note to self stays in the tree: what is open is an issue.
import { pick } from './tree.mjs';

const words = ['TO' + 'DO', 'FIX' + 'ME', 'XX' + 'X'];
const left = new RegExp(`\\b(${words.join('|')})\\b`);

export default {
  name: 'nothing-left-open',
  check: (tree) =>
    pick(tree, /\.(ts|mjs|cjs|sql|md|ya?ml|sh)$/).flatMap(([path, text]) =>
      text.split('\n').flatMap((line, at) => (left.test(line) ? [`${path}:${at + 1}: ${left.exec(line)[1]}`] : [])),
    ),
  right: [{ 'docs/a.md': 'all done' }],
  wrong: words.map((word) => ({
    plant: { 'packages/core/sql/schema/0001_a.sql': `select 1;\n-- ${word}: later` },
    expect: /0001_a\.sql:2/,
  })),
};
