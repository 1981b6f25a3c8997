// `pnpm bench`
import { bench } from './bench.js';
import { readOptions } from './options.js';

console.log = console.error; // libraries that speak: stdout is the result's
process.exitCode = await bench(readOptions(process.argv.slice(2)));
