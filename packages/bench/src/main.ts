// `pnpm bench`
import { bench } from './bench.js';
import { readOptions } from './options.js';

process.exitCode = await bench(readOptions(process.argv.slice(2)));
