// `pnpm test:faults`
import { readOptions } from './options.js';
import { runFaults } from './runner.js';

// Ctrl-C ends the services too: this process's end closes the channels of those who watch over them.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
process.exitCode = await runFaults(readOptions(process.argv.slice(2)));
