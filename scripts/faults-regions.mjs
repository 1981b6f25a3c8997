// `pnpm test:faults:regions`: faults between regions of real processes (test-e2e/faults/regions; `pnpm test:faults:regions --help`).
import { buildAndRun } from './lib/tool.mjs';

process.exitCode = await buildAndRun(['test-e2e'], 'test-e2e/dist/faults/regions/main.js', process.argv.slice(2));
