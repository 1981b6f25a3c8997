// Checks who imports whom (rules: boundaries/rules.mjs). First the rules themselves, over a tree with one wrong import planted for each: a rule
// that no longer sees its violation, or names an import that is right, fails the check. Then this repository.
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { cruiseTree } from './boundaries/cruise.mjs';
import { plants, tree } from './boundaries/plants.mjs';
import { forbidden } from './boundaries/rules.mjs';
import { root } from './lib/turbo.mjs';

/** @returns {Promise<string[]>} what is wrong with the rules */
async function selfTest() {
  const dir = realpathSync(mkdtempSync(join(tmpdir(), 'workflow-boundaries-')));
  try {
    for (const [file, code] of Object.entries(tree)) {
      mkdirSync(dirname(join(dir, file)), { recursive: true });
      writeFileSync(join(dir, file), code);
    }
    const { violations } = await cruiseTree(dir);
    const named = (file) => violations.filter((one) => one.from === file).map((one) => one.rule);
    const mistakes = plants
      .map(({ file, rules }) => ({ file, expected: rules.toSorted().join(', '), found: [...new Set(named(file))].toSorted().join(', ') }))
      .filter(({ expected, found }) => expected !== found)
      .map(({ file, expected, found }) => `${file}: expected [${expected}], got [${found}]`);
    const tried = new Set(plants.flatMap((one) => one.rules));
    return [...mistakes, ...forbidden.filter((one) => !tried.has(one.name)).map((one) => `${one.name}: no violation is planted for it`)];
  } finally {
    rmSync(dir, { recursive: true, force: true });
  }
}

const mistakes = await selfTest();
for (const mistake of mistakes) console.error(`self-test: ${mistake}`);

const { modules, violations } = await cruiseTree(root);
for (const { rule, from, to, comment } of violations) console.error(`${rule}: ${from} -> ${to}\n    ${comment}`);
if (modules === 0) console.error('no module was looked at: the check itself is broken');

console.log(`boundaries: ${forbidden.length} rules, ${plants.length} plants, ${modules} files, ${violations.length} violations`);
process.exitCode = mistakes.length + violations.length > 0 || modules === 0 ? 1 : 0;
