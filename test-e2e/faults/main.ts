// `pnpm test:faults`
import { readOptions } from './options.js';
import { runFaults } from './runner.js';

// Ctrl-C ends the services too: this process's end closes the channels of those who watch over them.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
// Not left to the end of the event loop: Node then waits, at times for ever, for the handles of processes that were killed.
process.exit(await runFaults(readOptions(process.argv.slice(2))));
