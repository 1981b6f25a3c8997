// `npm run planet`: three regions on this machine, and a prompt. See docs/planet.md.
import { runCommand } from '../harness/command.js';
import { readOptions } from './options.js';
import { runPlanet } from './planet.js';

await runCommand(() => runPlanet(readOptions(process.argv.slice(2))));
