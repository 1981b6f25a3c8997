// What every package's Jest runs with. Sources of all packages are tested as sources: one instance of each module, traces that name the line,
// nothing to build first. Only test-e2e runs what was built, as processes.
import { fileURLToPath } from 'node:url';
const here = (f) => fileURLToPath(new URL(f, import.meta.url));
const packages = here('../packages');

/** @type {import('jest').Config} */
export default {
  testEnvironment: 'node',
  testMatch: ['<rootDir>/test/**/*.test.ts'],
  maxWorkers: 2,
  testTimeout: 180_000, // of a test that hangs; a slow machine takes minutes for what takes seconds
  transform: { '\\.[mc]?[jt]s$': here('./transform.cjs') },
  transformIgnorePatterns: [], // node_modules too: the transformer itself leaves CommonJS alone
  moduleNameMapper: {
    '^@singularity-workflow/(core|sdk|testkit|examples|cli)$': `${packages}/$1/src/index.ts`,
    '^@singularity-workflow/(core|sdk)/(.+)$': `${packages}/$1/src/$2/index.ts`,
    '^(\\.{1,2}/.*)\\.js$': ['$1.ts', '$1.js', '$1'], // './x.js' in TypeScript sources
  },
  reporters: ['default', here('./counts-reporter.mjs')],
  coverageProvider: 'v8',
  collectCoverageFrom: ['src/**/*.ts', '!src/main.ts'],
  globalSetup: here('./global-setup.mjs'),
  globalTeardown: here('./global-teardown.mjs'),
};
