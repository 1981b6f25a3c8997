// The files that rules look at: a map from path to text. Rules never touch the disk, so that their self-tests need no files.
import { readdirSync, readFileSync, statSync } from 'node:fs';
import { join } from 'node:path';

const folders = ['.ci', 'apps', 'docs', 'infra', 'jest', 'packages', 'scripts', 'test-e2e'];
const skipped = new Set(['node_modules', 'dist', 'coverage', '.turbo', '.data']);
const looked = /\.(ts|mts|mjs|cjs|sql|md|yaml|yml|json|sh)$/;
const BYTES_MAX = 1_000_000; // sample data and the like

/** @returns {Map<string, string>} path relative to the root, with `/` -> text */
export function readTree(root) {
  const tree = new Map();
  const add = (path) => {
    const found = statSync(join(root, path));
    if (found.isDirectory()) return readdirSync(join(root, path)).forEach((name) => skipped.has(name) || add(`${path}/${name}`));
    if (looked.test(path) && found.size <= BYTES_MAX) tree.set(path, readFileSync(join(root, path), 'utf8'));
  };
  for (const name of readdirSync(root)) if (folders.includes(name) || looked.test(name)) add(name);
  return tree;
}

/** The entries of a tree whose path fits. */
export const pick = (tree, pattern) => [...tree].filter(([path]) => pattern.test(path));

/** Is the word there as a whole word (`start_runs` is not in `restart_runs`)? */
export const mentions = (text, word) => new RegExp(`(?<![a-z0-9_])${word}(?![a-z0-9_])`).test(text);
