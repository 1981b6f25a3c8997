// `pnpm test:faults:regions`
import { readOptions } from '../options.js';
import { runFaults } from '../runner.js';
import { REGION_SCENARIOS } from './scenarios.js';

const options = readOptions(process.argv.slice(2), {
  command: 'pnpm test:faults:regions',
  description: 'Real faults between three regions of real processes: what broke a law, and how long recovery took.',
  scenarios: REGION_SCENARIOS,
  tries: 3,
});
// Ctrl-C ends the services too: this process's end closes the channels of those who watch over them.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
// Not left to the end of the event loop: Node then waits, at times for ever, for the handles of processes that were killed.
process.exit(await runFaults(options));
