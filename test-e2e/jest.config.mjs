import preset from '../jest/preset.mjs';

/** @type {import('jest').Config} */
export default { ...preset, testMatch: ['<rootDir>/**/*.test.ts'], testPathIgnorePatterns: ['/node_modules/'] };
