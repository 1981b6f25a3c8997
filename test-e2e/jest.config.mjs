import preset from '../jest/preset.mjs';

/**
 * One scenario at a time: each has a server and half a dozen processes, and its moments are measured.
 *
 * @type {import('jest').Config}
 */
export default {
  ...preset,
  testMatch: ['<rootDir>/**/*.test.ts'],
  testPathIgnorePatterns: ['/node_modules/'],
  maxWorkers: 1,
  testTimeout: 600_000,
};
