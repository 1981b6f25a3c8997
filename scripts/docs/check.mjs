// The documents are true as far as a machine can say: what is made from the code is current, every link leads somewhere, every test that is
// named exists. Part of `pnpm check`; `node scripts/docs/check.mjs --write` makes the generated parts anew.
import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/turbo.mjs';
import { withFreshBlocks } from './blocks.mjs';
import { brokenLinks, readerOf, selfTest } from './links.mjs';

const below = readdirSync(join(root, 'docs'), { recursive: true, encoding: 'utf8' }).filter((name) => name.endsWith('.md'));
const documents = ['README.md', 'CHANGELOG.md', 'infra/README.md', ...below.map((name) => `docs/${name}`)];
const write = process.argv.includes('--write');
const read = readerOf(root);
const mistakes = selfTest();

async function refreshed(path) {
  const kept = readFileSync(join(root, path), 'utf8');
  try {
    const fresh = await withFreshBlocks(kept);
    if (fresh === kept) return kept;
    if (write) writeFileSync(join(root, path), fresh);
    else mistakes.push(`${path} is not what the code says; run \`node scripts/docs/check.mjs --write\``);
    return fresh;
  } catch (error) {
    mistakes.push(`${path}: ${error.message}`);
    return kept;
  }
}

for (const path of documents) {
  const text = await refreshed(path);
  mistakes.push(...brokenLinks(path, text, read));
}
for (const mistake of mistakes) console.error(mistake);
console.log(`docs: ${documents.length} documents, ${mistakes.length} mistakes`);
process.exitCode = mistakes.length > 0 ? 1 : 0;
