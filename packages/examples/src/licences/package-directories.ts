import { readdir } from 'node:fs/promises';
import { join, relative } from 'node:path';

/** More than any tree of packages seen so far has; a map takes 10,000 elements. */
export const PACKAGES_MAX = 10_000;

/**
 * Every package installed below `root`'s node_modules, as paths relative to `root`, sorted. Links are not followed, so that a package which
 * many depend on counts once: pnpm keeps the real ones below node_modules/.pnpm/<one of them>/node_modules, npm nests them in each other.
 */
export async function packageDirectories(root: string): Promise<string[]> {
  const found = await packagesIn(join(root, 'node_modules'));
  if (found.length > PACKAGES_MAX) throw new RangeError(`${found.length} packages below ${root}; at most ${PACKAGES_MAX} are audited`);
  return found.map((directory) => relative(root, directory)).toSorted();
}

async function packagesIn(nodeModules: string): Promise<string[]> {
  const found = await Promise.all(
    (await directoriesIn(nodeModules)).map(async (name) => {
      const path = join(nodeModules, name);
      if (name === '.pnpm') return storedPackages(path);
      if (name.startsWith('.')) return [];
      const packages = name.startsWith('@') ? (await directoriesIn(path)).map((scoped) => join(path, scoped)) : [path];
      const nested = await Promise.all(packages.map((directory) => packagesIn(join(directory, 'node_modules'))));
      return [...packages, ...nested.flat()];
    }),
  );
  return found.flat();
}

async function storedPackages(store: string): Promise<string[]> {
  const entries = await directoriesIn(store);
  return (await Promise.all(entries.map((entry) => packagesIn(join(store, entry, 'node_modules'))))).flat();
}

/** Names of the real directories in one; none where there is no such directory. */
async function directoriesIn(path: string): Promise<string[]> {
  try {
    return (await readdir(path, { withFileTypes: true })).filter((entry) => entry.isDirectory()).map((entry) => entry.name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return [];
    throw error;
  }
}
