// `npm run planet`: three regions on this machine, and a prompt (test-e2e/planet; `npm run planet -- --help`).
import { buildAndRun } from './lib/tool.mjs';

process.exitCode = await buildAndRun(['test-e2e'], 'test-e2e/dist/planet/main.js', process.argv.slice(2), { stdin: 'inherit' });
