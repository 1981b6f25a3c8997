// Runs turbo on this repository's tasks, with no telemetry and no daemon, and says whether all went well.
import { spawn } from 'node:child_process';
import { resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = resolve(fileURLToPath(import.meta.url), '../../..');

/** @returns {Promise<number>} turbo's exit code; a signal sent to us is handed on and waited for */
export function turbo(args, { env = {}, quiet = false } = {}) {
  const child = spawn(
    `${root}/node_modules/.bin/turbo`,
    ['run', ...args, ...(quiet ? ['--output-logs=errors-only', '--log-prefix=task'] : [])],
    {
      cwd: root,
      // pnpm is found by turbo in PATH: the pinned one, whoever started us.
      env: { ...process.env, PATH: `${root}/node_modules/.bin:${process.env.PATH}`, TURBO_TELEMETRY_DISABLED: '1', ...env },
      stdio: 'inherit',
    },
  );
  const handOn = (signal) => child.kill(signal);
  const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'];
  for (const signal of signals) process.on(signal, handOn);
  return new Promise((done, fail) => {
    child.once('error', fail);
    child.once('exit', (code, signal) => {
      for (const name of signals) process.off(name, handOn);
      done(code ?? (signal ? 130 : 1));
    });
  });
}

export const build = (...filters) => turbo(['build', '--concurrency=4', ...filters.map((name) => `--filter=${name}`)], { quiet: true });
