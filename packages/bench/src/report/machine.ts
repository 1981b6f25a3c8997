// Where and with what a result was made: without it a number says nothing.
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { cpus, release, totalmem, type } from 'node:os';
import { fileURLToPath } from 'node:url';
import type { Peer } from '../peers/peer.js';
import type { Server } from '../server.js';

const PACKAGE = new URL('../../', import.meta.url);

export interface Machine {
  readonly cpu: string;
  readonly cores: number;
  readonly memoryGiB: number;
  readonly os: string;
}

export function machine(): Machine {
  const [first] = cpus();
  return {
    cpu: first?.model.trim() ?? 'unknown',
    cores: cpus().length,
    memoryGiB: Math.round(totalmem() / 2 ** 30),
    os: `${type()} ${/^[\d.]*/.exec(release())![0]}`,
  };
}

/** Of Node, PostgreSQL and the peers. */
export async function versions(server: Server, peers: readonly Peer[]): Promise<Record<string, string>> {
  const known: Record<string, string> = { node: process.versions.node, postgresql: await server.version() };
  for (const { packageName } of peers) if (packageName !== null) known[packageName] = versionOf(packageName);
  return known;
}

function versionOf(packageName: string): string {
  const manifest = JSON.parse(readFileSync(new URL(`node_modules/${packageName}/package.json`, PACKAGE), 'utf8')) as { version: string };
  return manifest.version;
}

/** With `+` behind it when the tree has changes; `unknown` outside a repository. */
export function commit(): string {
  const git = (...args: string[]): string =>
    execFileSync('git', args, { cwd: fileURLToPath(PACKAGE), encoding: 'utf8', stdio: ['ignore', 'pipe', 'ignore'] }).trim();
  try {
    return git('rev-parse', '--short=12', 'HEAD') + (git('status', '--porcelain', '--untracked-files=no') === '' ? '' : '+');
  } catch {
    return 'unknown';
  }
}
