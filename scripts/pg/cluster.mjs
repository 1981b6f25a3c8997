// A data directory: made once, by renaming a finished one into place (initdb that was killed half-way leaves nothing that looks usable), and the
// settings a server runs it with.
import { spawnSync } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { chown, mkdir, mkdtemp, rename, rm, rmdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { makeOpenFolder, temporaryRoot } from './account.mjs';

const PASSWORD_FILE = 'superuser-password';

const allow = (code) => (error) => {
  if (error.code !== code) throw error;
};

/** Without the caller's PGDATA, PGPORT and language: messages are read by machines, databases are UTF-8 whatever LANG says. */
export function serverEnvironment() {
  const env = Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('PG')));
  return { ...env, LC_ALL: 'C', LC_MESSAGES: 'C' };
}

export const passwordOf = (dataDir) => readFileSync(join(dataDir, PASSWORD_FILE), 'utf8');

/** A thrown-away server is sped up by what it need not survive, and has a password that can be typed. */
export async function ensureCluster({ dataDir, home, major, account, ephemeral }) {
  if (existsSync(join(dataDir, 'PG_VERSION'))) return;
  await makeOpenFolder(dirname(dataDir));
  const making = await mkdtemp(ephemeral ? join(temporaryRoot(account), 'workflow-initdb-') : `${dataDir}.new-`);
  try {
    const password = ephemeral ? 'postgres' : randomBytes(18).toString('base64url');
    const passwordFile = join(making, PASSWORD_FILE);
    const made = join(making, 'data');
    await mkdir(made);
    await writeFile(passwordFile, password, { mode: 0o600 });
    if (account.uid !== undefined) for (const path of [making, made, passwordFile]) await chown(path, account.uid, account.gid);
    const args = ['-D', made, `--pwfile=${passwordFile}`, ...initdbArguments(major, ephemeral)];
    const run = spawnSync(join(home, 'bin/initdb'), args, { ...account, env: serverEnvironment(), cwd: '/', encoding: 'utf8' });
    if (run.status !== 0) throw new Error(`initdb failed (${run.error?.message ?? run.status ?? run.signal}): ${run.stderr}`);
    await rename(passwordFile, join(made, PASSWORD_FILE));
    await rmdir(dataDir).catch(allow('ENOENT')); // an empty one may stand there; anything else is not ours to remove
    await rename(made, dataDir);
  } finally {
    await rm(making, { recursive: true, force: true });
  }
}

/** `--no-data-checksums` came with 18 (until then they are off), the builtin locale provider with 17. */
function initdbArguments(major, ephemeral) {
  return [
    '--username=postgres',
    '--auth=scram-sha-256',
    '--encoding=UTF8',
    ...(major >= 17 ? ['--locale-provider=builtin', '--builtin-locale=C.UTF-8', '--locale=C'] : ['--locale=C']),
    ...(ephemeral ? ['--no-sync'] : []),
    ...(ephemeral && major >= 18 ? ['--no-data-checksums'] : []),
    ...(!ephemeral && major < 18 ? ['--data-checksums'] : []),
  ];
}

/** @param {{ port: number, ephemeral: boolean, settings?: Record<string, string | number> }} o */
export function serverArguments(dataDir, { port, ephemeral, settings }) {
  const all = {
    port,
    listen_addresses: '127.0.0.1',
    unix_socket_directories: '',
    max_connections: 200,
    shared_buffers: '128MB',
    ...(ephemeral
      ? { fsync: 'off', synchronous_commit: 'off', full_page_writes: 'off', max_connections: 300, checkpoint_timeout: '1h' }
      : { wal_level: 'logical', max_wal_size: '2GB', wal_compression: 'on' }), // logical: other regions may subscribe later
    ...settings,
  };
  return ['-D', dataDir, ...Object.entries(all).flatMap(([name, value]) => ['-c', `${name}=${value}`])];
}
