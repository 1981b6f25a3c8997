// Configuration is read once, in one place: nothing in the sources of apps and packages looks at the process's environment but core's config, and
// the one reader of each tool that is no service.
import { pick } from './tree.mjs';

const readers = /^packages\/(core\/src\/config\/|testkit\/src\/environment\.ts$|cli\/src\/environment\.ts$)/;
const reading =
  /\bprocess\s*(\?\.|\.)\s*env\b|\bprocess\[['"]env['"]\]|\{[^}]*\benv\b[^}]*\}\s*(=\s*process\b|from\s*['"](node:)?process['"])/;

const check = (tree) =>
  pick(tree, /^(apps|packages)\/[^/]+\/src\/.*\.ts$/)
    .filter(([path, text]) => !readers.test(path) && reading.test(text.replaceAll(/^\s*(\/\/|\*).*$/gm, '')))
    .map(([path]) => `${path}: reads the environment; take a value from the configuration`);

export default {
  name: 'environment',
  check,
  right: [
    { 'packages/core/src/config/load.ts': 'process.env' },
    { 'packages/core/src/store/a.ts': '// not from process.env\nprocess.pid' },
    { 'apps/router/test/a.test.ts': 'process.env' },
  ],
  wrong: [
    { plant: { 'packages/core/src/store/a.ts': "process.env['X']" }, expect: /reads the environment/ },
    { plant: { 'apps/router/src/a.ts': "import { env } from 'node:process';" }, expect: /reads the environment/ },
    { plant: { 'apps/router/src/a.ts': 'const { env } = process;' }, expect: /reads the environment/ },
  ],
};
