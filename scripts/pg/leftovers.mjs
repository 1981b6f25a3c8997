// Servers whose launcher is gone. A launcher killed with SIGKILL leaves its server running, and the server's postmaster.pid blocks the next one.
// Such a server is stopped properly (fast shutdown, so nothing has to be recovered) and started anew, not reused: its settings and its version may
// be another's, and a server that is no child of ours cannot be waited for. A server whose launcher lives is somebody else's and left alone.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { commandLineOf, endProcess, identityOf, isAlive, self } from '../lib/processes.mjs';

const NOTE = 'launcher.json';
const STOP_LIMIT_MS = 20_000;

/** `{ pid, identity, port }` of who started the server in this folder last; kept after a stop, for its port. */
export function lastLauncher(dataDir) {
  try {
    return JSON.parse(readFileSync(join(dataDir, NOTE), 'utf8'));
  } catch {
    return null;
  }
}

export const noteLauncher = (dataDir, port) => writeFile(join(dataDir, NOTE), `${JSON.stringify({ ...self(), port })}\n`);

/** Pid of the server that runs on this folder, or null: the file may be stale, and its number may be another program's by now. */
function serverPid(dataDir) {
  const file = join(dataDir, 'postmaster.pid');
  if (!existsSync(file)) return null;
  const pid = Number(readFileSync(file, 'utf8').split('\n')[0]);
  return pid && identityOf(pid) && commandLineOf(pid).includes(dataDir) ? pid : null;
}

/** Leaves the folder free for a new server, or throws naming the launcher that uses it. */
export async function clearLeftover(dataDir) {
  const pid = serverPid(dataDir);
  if (pid !== null) {
    const launcher = lastLauncher(dataDir);
    if (isAlive(launcher)) {
      throw new Error(`${dataDir} is in use: process ${launcher.pid} runs a server (${pid}) on it`);
    }
    const stopped = await endProcess(pid, () => identityOf(pid) === null, ['SIGINT', 'SIGQUIT'], STOP_LIMIT_MS);
    if (!stopped) throw new Error(`the server ${pid}, left on ${dataDir} by an earlier start, does not stop`);
  }
  await rm(join(dataDir, 'postmaster.pid'), { force: true });
}

/** Stops and deletes the thrown-away servers (`<root>/workflow-pg-*`) of launchers that were killed. */
export async function sweepEphemeral(root, prefix) {
  for (const name of readdirSync(root)) {
    if (!name.startsWith(prefix)) continue;
    const dataDir = join(root, name);
    const launcher = lastLauncher(dataDir);
    if (!launcher || isAlive(launcher)) continue; // without a note: just being made
    try {
      const pid = serverPid(dataDir);
      if (pid !== null) await endProcess(pid, () => identityOf(pid) === null, ['SIGQUIT', 'SIGKILL'], 2_000);
      await rm(dataDir, { recursive: true, force: true });
    } catch (error) {
      if (error.code !== 'EPERM' && error.code !== 'EACCES') throw error; // another account's
    }
  }
}
