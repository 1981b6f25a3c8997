import short from './jest.config.mjs';

/** What takes minutes, each by a command of its own. @type {import('jest').Config} */
export default { ...short, testMatch: ['<rootDir>/**/*.long.ts'], testTimeout: 1_200_000, reporters: ['default'] };
