// `pnpm plans`: watches every hot call on a filled database and writes packages/core/plans anew (docs/plans.md). Read the diff before it is committed.
import { spawnSync } from 'node:child_process';
import { join } from 'node:path';
import { root } from './lib/turbo.mjs';

const cwd = join(root, 'packages/core');
const { status } = spawnSync(join(cwd, 'node_modules/.bin/jest'), ['test/sql/plans/plans.test.ts', 'test/sql/plans/growth.test.ts'], {
  cwd,
  env: { ...process.env, PLANS: 'write' },
  stdio: 'inherit',
});
process.exitCode = status ?? 1;
