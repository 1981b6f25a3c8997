// dependency-cruiser over one tree, with the rules. Its swc parser: the TypeScript one it would take needs a compiler API that TypeScript 7 has not.
import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cruise } from 'dependency-cruiser';
import { doors, forbidden } from './rules.mjs';

const folders = ['apps', 'packages', 'test-e2e'];

/** @returns {Promise<{ modules: number, violations: { rule: string, from: string, to: string, comment: string }[] }>} */
export async function cruiseTree(baseDir) {
  const alias = Object.fromEntries(Object.entries(doors).map(([name, path]) => [`@singularity-workflow/${name}$`, join(baseDir, path)]));
  const { output } = await cruise(
    folders.filter((folder) => existsSync(join(baseDir, folder))),
    {
      baseDir,
      parser: 'swc',
      ruleSet: { forbidden },
      validate: true,
      tsPreCompilationDeps: true,
      exclude: { path: '(^|/)(dist|coverage)/' },
      doNotFollow: { path: 'node_modules' },
      enhancedResolveOptions: {
        exportsFields: ['exports'],
        conditionNames: ['import', 'require', 'node', 'default', 'types'],
        extensions: ['.ts', '.mjs', '.js', '.json', '.d.ts'],
      },
    },
    { alias, extensionAlias: { '.js': ['.ts', '.js'] } },
  );
  const sources = output.modules.filter((module) => /^(apps|packages|test-e2e)\/.*\.ts$/.test(module.source));
  const comments = new Map(forbidden.map((one) => [one.name, one.comment]));
  const violations = output.summary.violations.map(({ rule, from, to }) => ({
    rule: rule.name,
    from,
    to,
    comment: comments.get(rule.name),
  }));
  return { modules: sources.length, violations };
}
