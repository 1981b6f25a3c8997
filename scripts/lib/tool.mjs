// A tool of a package: built with what it runs as processes, then run. The build speaks on stderr: stdout is the tool's.
import { spawn } from 'node:child_process';
import { root } from './turbo.mjs';

const env = { ...process.env, PATH: `${root}/node_modules/.bin:${process.env.PATH}`, TURBO_TELEMETRY_DISABLED: '1' };

/** A signal sent to us is handed on and waited for. */
function run(command, args, stdout, stdin = 'ignore') {
  const child = spawn(command, args, { env, stdio: [stdin, stdout, 2] });
  const handOn = (signal) => child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, handOn);
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code) => {
      for (const signal of signals) process.off(signal, handOn);
      done(code ?? 1);
    });
  });
}

/** `packages`: names without the scope. `entry`: below the root. `stdin`: `inherit` for a tool with a prompt. Answers the exit code. */
export async function buildAndRun(packages, entry, args, { stdin = 'ignore' } = {}) {
  const filters = packages.map((name) => `--filter=@singularity-workflow/${name}`);
  const options = ['--output-logs=errors-only', '--log-prefix=task', `--cwd=${root}`];
  const failed = await run(`${root}/node_modules/.bin/turbo`, ['run', 'build', ...filters, ...options], 2);
  return failed === 0 ? run('node', [`${root}/${entry}`, ...args], 1, stdin) : failed;
}
