// `pnpm test:faults:regions`
import { runCommand } from '../../harness/command.js';
import { readOptions } from '../options.js';
import { runFaults } from '../runner.js';
import { REGION_SCENARIOS } from './scenarios.js';

const options = readOptions(process.argv.slice(2), {
  command: 'pnpm test:faults:regions',
  description: 'Real faults between three regions of real processes: what broke a law, and how long recovery took.',
  scenarios: REGION_SCENARIOS,
  tries: 3,
});
await runCommand(() => runFaults(options));
