// oxlint over everything, after a try of the limits that .oxlintrc.json sets: its overrides go by path, and a path that no longer fits is silent.
import { spawnSync } from 'node:child_process';
import { copyFileSync, mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { root } from './lib/turbo.mjs';

const oxlint = `${root}/node_modules/.bin/oxlint`;
const lines = (count) => 'export {};\n'.repeat(count);
const plants = {
  'packages/core/src/store/long.ts': { code: lines(301), rule: 'max-lines' },
  'packages/core/src/store/function.ts': {
    code: `export function long(): void {\n${'  void 0;\n'.repeat(59)}}\n`,
    rule: 'max-lines-per-function',
  },
  'apps/router/src/main.ts': { code: lines(31), rule: 'max-lines' },
  'packages/core/src/store/promise.ts': { code: 'export function f(): void {\n  Promise.resolve();\n}\n', rule: 'no-floating-promises' },
  'packages/core/test/focused.test.ts': { code: "it.only('x', () => {\n  expect(1).toBe(1);\n});\n", rule: 'no-focused-tests' },
};

function selfTest() {
  const dir = mkdtempSync(join(tmpdir(), 'workflow-lint-'));
  try {
    copyFileSync(join(root, '.oxlintrc.json'), join(dir, '.oxlintrc.json'));
    for (const [file, { code }] of Object.entries(plants)) {
      mkdirSync(dirname(join(dir, file)), { recursive: true });
      writeFileSync(join(dir, file), code);
    }
    const { stdout } = spawnSync(oxlint, ['--type-aware', '--format=json'], { cwd: dir, encoding: 'utf8' });
    const found = JSON.parse(stdout).diagnostics.map(({ code, filename }) => `${filename} ${code}`);
    return Object.entries(plants).filter(
      ([file, { rule }]) => !found.some((one) => one.startsWith(`${file} `) && one.endsWith(`(${rule})`)),
    );
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const missed = selfTest();
for (const [file, { rule }] of missed) console.error(`self-test: oxlint did not report ${rule} in ${file}`);
const { status } = spawnSync(oxlint, ['--type-aware', ...process.argv.slice(2)], { cwd: root, stdio: 'inherit' });
process.exitCode = missed.length > 0 || status !== 0 ? 1 : 0;
