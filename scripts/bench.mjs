// `pnpm bench`: this engine and its peers (packages/bench; `pnpm bench --help`). The router is no package that the bench imports: it runs it as a
// process.
import { buildAndRun } from './lib/tool.mjs';

process.exitCode = await buildAndRun(['bench', 'router'], 'packages/bench/dist/main.js', process.argv.slice(2));
