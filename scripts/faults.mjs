// `pnpm test:faults`: faults against real processes, again and again (test-e2e/faults; `pnpm test:faults --help`).
import { buildAndRun } from './lib/tool.mjs';

process.exitCode = await buildAndRun(['test-e2e'], 'test-e2e/dist/faults/main.js', process.argv.slice(2));
