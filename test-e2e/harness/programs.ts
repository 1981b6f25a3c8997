// Programs that a machine may lack: packages of Debian (infra/patroni/programs.mjs knows which).
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './places.js';

/** Why this machine cannot run these, as a sentence; null: it can. */
export function whyNot(...names: readonly string[]): string | null {
  const { status, stdout, stderr } = spawnSync(process.execPath, [join(root, 'infra/patroni/programs.mjs'), ...names], {
    encoding: 'utf8',
  });
  if (status !== 0) throw new Error(stderr);
  return stdout.trim() || null;
}
