// Programs that a machine may lack. A test that needs one is skipped where it is missing; its title and a printed line say why.
import { spawnSync } from 'node:child_process';
import { accessSync, constants, readFileSync } from 'node:fs';
import { delimiter, join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const root = fileURLToPath(new URL('../..', import.meta.url));
export const infra = join(root, 'infra');
export const textOf = (path: string): string => readFileSync(join(root, path), 'utf8');

function canRun(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** `more`: folders that are in no ordinary user's PATH. */
export function programPath(name: string, more: readonly string[] = []): string | null {
  const folders = [...(process.env['PATH'] ?? '').split(delimiter), ...more];
  return folders.map((folder) => join(folder, name)).find(canRun) ?? null;
}

const HOW: Readonly<Record<string, string>> = {
  promtool: 'Debian: apt-get install prometheus',
  prometheus: 'Debian: apt-get install prometheus',
  kubectl: 'Debian: apt-get install kubernetes-client',
  'docker compose': 'Debian: apt-get install docker-compose',
  'Patroni, etcd and HAProxy': 'Debian: apt-get install --no-install-recommends patroni etcd-server haproxy',
};

/** `describe`, or where the program is missing a skipped suite whose title says so. */
export function describeWith(name: string, command: readonly string[] | null, tests: () => void): void {
  if (command === null) process.stderr.write(`skipped: ${name} is not installed (${HOW[name]})\n`);
  if (command === null) describe.skip(`skipped, for ${name} is not installed (${HOW[name]})`, tests);
  else describe(`with ${name}`, tests);
}

export const promtool = programPath('promtool');

/** `docker compose` of today, or the `docker-compose` of Debian; null without either. */
export function composeCommand(): readonly string[] | null {
  const docker = programPath('docker');
  if (docker !== null && spawnSync(docker, ['compose', 'version']).status === 0) return [docker, 'compose'];
  const standalone = programPath('docker-compose');
  return standalone === null ? null : [standalone];
}

export function run([program, ...args]: readonly string[], cwd = root): { ok: boolean; output: string } {
  const { status, stdout, stderr } = spawnSync(program!, args, { cwd, encoding: 'utf8' });
  return { ok: status === 0, output: `${stdout}${stderr}` };
}
