// The lock file holds names, versions and hashes; an address in it would tie everybody to one registry.
import { pick } from './tree.mjs';

export default {
  name: 'lock-file',
  check: (tree) =>
    pick(tree, /(^|\/)(pnpm-lock\.yaml|package-lock\.json)$/)
      .filter(([, text]) => /https?:\/\/|^\s*tarball:/m.test(text))
      .map(([path]) => `${path}: holds addresses`),
  right: [{ 'pnpm-lock.yaml': 'pg@8.23.1:\n    resolution: {integrity: sha512-x}' }],
  wrong: [
    { plant: { 'pnpm-lock.yaml': 'pg@8.23.1:\n    resolution: {tarball: https://registry.example/pg.tgz}' }, expect: /holds addresses/ },
  ],
};
