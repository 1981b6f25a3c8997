// Time is an argument: core/src/domain looks at no clock, starts no timer and throws no dice.
import { pick } from './tree.mjs';

const impure = /\b(Date\.now|performance\.now|Math\.random|randomUUID|setTimeout|setInterval|new Date\(\)|process\.)/;

export default {
  name: 'domain-is-pure',
  check: (tree) =>
    pick(tree, /^packages\/core\/src\/domain\/.*\.ts$/).flatMap(([path, text]) =>
      text
        .split('\n')
        .map((line, at) => ({ line: line.replace(/(^\s*\*|\/\/).*$/, ''), number: at + 1 }))
        .filter(({ line }) => impure.test(line))
        .map(({ line, number }) => `${path}:${number}: ${impure.exec(line)[1]} in the domain; take it as an argument`),
    ),
  right: [{ 'packages/core/src/domain/a.ts': 'export const later = (now: Date) => new Date(now.getTime() + 1); // not Date.now' }],
  wrong: [
    { plant: { 'packages/core/src/domain/a.ts': 'const now = Date.now();' }, expect: /:1: Date\.now/ },
    { plant: { 'packages/core/src/domain/a.ts': 'const now = new Date();' }, expect: /new Date/ },
  ],
};
