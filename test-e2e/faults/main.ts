// `pnpm test:faults`
import { runCommand } from '../harness/command.js';
import { readOptions } from './options.js';
import { runFaults } from './runner.js';

await runCommand(() => runFaults(readOptions(process.argv.slice(2))));
