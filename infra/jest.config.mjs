import preset from '../jest/preset.mjs';

// No database of the preset's: the one test that needs one starts a whole region, as `npm start` does.
const { globalSetup: _setup, globalTeardown: _teardown, ...rest } = preset;

/** @type {import('jest').Config} */
export default { ...rest, maxWorkers: 1, testTimeout: 600_000 };
