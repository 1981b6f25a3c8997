// The packages of this workspace, by the folders that pnpm-workspace.yaml names.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from './turbo.mjs';

/** @returns {{ dir: string, manifest: Record<string, any> }[]} dir relative to the root */
export function workspacePackages() {
  const below = (parent) => readdirSync(join(root, parent)).map((name) => `${parent}/${name}`);
  return [...below('apps'), ...below('packages'), 'infra', 'test-e2e']
    .filter((dir) => existsSync(join(root, dir, 'package.json')))
    .map((dir) => ({ dir, manifest: JSON.parse(readFileSync(join(root, dir, 'package.json'), 'utf8')) }));
}
