// `npm run planet`: three regions on this machine, and a prompt. See docs/planet.md.
import { readOptions } from './options.js';
import { runPlanet } from './planet.js';

// Ctrl-C: this process's end closes the channels of those who watch over everything that it started.
for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(130));
// Not left to the end of the event loop: Node then waits, at times for ever, for the handles of processes that were killed.
process.exit(await runPlanet(readOptions(process.argv.slice(2))));
