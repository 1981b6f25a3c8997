// Who the server runs as, and where its files may then lie. PostgreSQL refuses to run as root, so root lends it an unprivileged account; that
// account cannot enter a checkout below /root (mode 700), so the data then stands in /var/lib.
// Limit: an account without a line in /etc/passwd cannot run initdb.
import { createHash } from 'node:crypto';
import { existsSync, readFileSync, statSync } from 'node:fs';
import { chmod, mkdir } from 'node:fs/promises';
import { homedir, tmpdir } from 'node:os';
import { dirname, join, resolve } from 'node:path';

const isRoot = process.getuid?.() === 0;

/** `{}` (ourselves) or `{ uid, gid }` for spawn and chown. */
export function serverAccount() {
  if (!isRoot) return {};
  const passwd = readFileSync('/etc/passwd', 'utf8');
  for (const name of [process.env.PG_OS_USER, 'postgres', 'nobody']) {
    const entry = name && passwd.match(new RegExp(`^${name}:[^:]*:(\\d+):(\\d+):`, 'm'));
    if (entry && entry[1] !== '0') return { uid: Number(entry[1]), gid: Number(entry[2]) };
  }
  throw new Error('running as root and found no unprivileged account (postgres, nobody); set PG_OS_USER');
}

/** Where the binaries are kept: root's home is closed to the server's account, /var/cache is open all the way down. */
export function cacheRoot() {
  if (process.env.PG_CACHE_DIR) return resolve(process.env.PG_CACHE_DIR);
  return join(isRoot ? '/var/cache' : (process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache')), 'singularity-workflow');
}

function reachable(path, { uid, gid }) {
  if (uid === undefined) return true;
  for (let dir = dirname(resolve(path)); ; dir = dirname(dir)) {
    if (existsSync(dir)) {
      const found = statSync(dir);
      const mayEnter = found.uid === uid ? 0o100 : found.gid === gid ? 0o010 : 0o001;
      if (!(found.mode & mayEnter)) return false;
    }
    if (dir === dirname(dir)) return true;
  }
}

/** The folder asked for, or its stand-in where the server's account could not enter it. */
export function placeDataDir(dir, account) {
  if (reachable(dir, account)) return resolve(dir);
  return join('/var/lib/singularity-workflow', createHash('sha256').update(resolve(dir)).digest('hex').slice(0, 12));
}

/** Makes a folder that the server's account can enter whatever the umask; one that stands already keeps its mode. */
export async function makeOpenFolder(path) {
  if (await mkdir(path, { recursive: true })) await chmod(path, 0o755);
}

export const temporaryRoot = (account) => (reachable(join(tmpdir(), 'x'), account) ? tmpdir() : '/tmp');
