// The house rules that no linter knows (one file each in tidy/). First every rule is tried on what it must refuse and on what it must let pass.
import { root } from './lib/turbo.mjs';
import domainIsPure from './tidy/domain-is-pure.mjs';
import environment from './tidy/environment.mjs';
import lockFile from './tidy/lock-file.mjs';
import nothingLeftOpen from './tidy/nothing-left-open.mjs';
import parameters from './tidy/parameters.mjs';
import spec from './tidy/spec.mjs';
import sqlFunctions from './tidy/sql-functions.mjs';
import sqlPublic from './tidy/sql-public.mjs';
import { readTree } from './tidy/tree.mjs';

const rules = [domainIsPure, environment, lockFile, nothingLeftOpen, parameters, spec, sqlFunctions, sqlPublic];

function selfTest({ name, check, right, wrong }) {
  const run = (files) => check(new Map(Object.entries(files)));
  const refusedRight = right.flatMap(run).map((mistake) => `${name}: refuses what is right: ${mistake}`);
  const missed = wrong.filter(({ plant, expect }) => !run(plant).some((mistake) => expect.test(mistake)));
  return [...refusedRight, ...missed.map(({ expect }) => `${name}: does not see a planted mistake (${expect})`)];
}

const broken = rules.flatMap(selfTest);
for (const mistake of broken) console.error(`self-test: ${mistake}`);

const tree = readTree(root);
const mistakes = rules.flatMap(({ name, check }) => check(tree).map((mistake) => `${name}: ${mistake}`));
for (const mistake of mistakes) console.error(mistake);

const plants = rules.reduce((sum, rule) => sum + rule.wrong.length, 0);
console.log(`tidy: ${rules.length} rules, ${plants} plants, ${tree.size} files, ${mistakes.length} mistakes`);
process.exitCode = broken.length + mistakes.length > 0 ? 1 : 0;
