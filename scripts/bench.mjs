// `pnpm bench`: builds what the bench needs, then runs it (packages/bench; `pnpm bench --help`). The build speaks on stderr: stdout is the bench's.
// The router is no package that the bench imports: it runs it as a process.
import { spawn } from 'node:child_process';
import { root } from './lib/turbo.mjs';

const env = { ...process.env, PATH: `${root}/node_modules/.bin:${process.env.PATH}`, TURBO_TELEMETRY_DISABLED: '1' };

/** A signal sent to us is handed on and waited for. */
function run(command, args, stdout) {
  const child = spawn(command, args, { env, stdio: ['ignore', stdout, 2] });
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP']) process.on(signal, () => child.kill(signal));
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code) => done(code ?? 1));
  });
}

const build = [
  'run',
  'build',
  '--filter=@singularity-workflow/bench',
  '--filter=@singularity-workflow/router',
  '--output-logs=errors-only',
  '--log-prefix=task',
  `--cwd=${root}`,
];
process.exitCode = await run(`${root}/node_modules/.bin/turbo`, build, 2);
if (process.exitCode === 0) process.exitCode = await run('node', [`${root}/packages/bench/dist/main.js`, ...process.argv.slice(2)], 1);
