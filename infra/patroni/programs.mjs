// The programs that a cluster is made of: packages of Debian, which a machine may lack.
import { execFileSync } from 'node:child_process';
import { accessSync, constants } from 'node:fs';
import { delimiter, join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Program -> Debian's package. */
export const PACKAGES = { patroni: 'patroni', etcd: 'etcd-server', haproxy: 'haproxy', pgbouncer: 'pgbouncer' };
/** Not in the PATH of an ordinary user, but servers are there. */
const SERVER_FOLDERS = ['/usr/sbin', '/usr/local/sbin'];

function canRun(path) {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** Where it is, or null. `PROGRAM_PGBOUNCER=/opt/...` names another one than the machine's. */
export function programPath(name) {
  const given = process.env[`PROGRAM_${name.toUpperCase()}`];
  if (given) return canRun(given) ? given : null;
  const folders = [...(process.env.PATH ?? '').split(delimiter), ...SERVER_FOLDERS];
  return folders.map((folder) => join(folder, name)).find(canRun) ?? null;
}

/** `[1, 18]` of "PgBouncer 1.18.0". */
function versionOf(program) {
  const [, major, minor] = /(\d+)\.(\d+)/.exec(execFileSync(program, ['--version'], { encoding: 'utf8' }));
  return [Number(major), Number(minor)];
}

function whyNotOne(wanted) {
  const [name, since] = wanted.split(' ');
  const program = programPath(name);
  if (program === null) return `${name} is not installed (Debian: apt-get install --no-install-recommends ${PACKAGES[name]})`;
  if (since === undefined) return null;
  const [major, minor] = versionOf(program);
  const [majorMin, minorMin] = since.split('.').map(Number);
  return major > majorMin || (major === majorMin && minor >= minorMin) ? null : `${name} is ${major}.${minor}, and ${since} is needed`;
}

/** Why this machine cannot run these (`etcd`, or `pgbouncer 1.21` for that version or a later one), as a sentence; null: it can. */
export function whyNot(...wanted) {
  const reasons = wanted.map(whyNotOne).filter((reason) => reason !== null);
  return reasons.length === 0 ? null : reasons.join('; ');
}

/** Throws with that sentence. */
export function requirePrograms(...names) {
  const reason = whyNot(...names);
  if (reason !== null) throw new Error(reason);
  return Object.fromEntries(names.map((name) => [name, programPath(name)]));
}

// node infra/patroni/programs.mjs patroni etcd ...: prints why these cannot be run here; nothing where they can.
if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) console.log(whyNot(...process.argv.slice(2)) ?? '');
