// Parts of a document that are made from the code: between `<!-- begin name argument -->` and `<!-- end -->`.
import { configuration } from './configuration.mjs';
import { errorCodes } from './error-codes.mjs';
import { faults } from './faults.mjs';
import { limits } from './limits.mjs';
import { metrics } from './metrics.mjs';
import { regionCosts } from './region-costs.mjs';
import { sizing } from './sizing.mjs';
import { snippet } from './snippets.mjs';

const makers = { configuration, 'error-codes': errorCodes, faults, limits, metrics, 'region-costs': regionCosts, sizing, snippet };
const block = /(<!-- begin ([\w-]+)(?: (\S+))? -->)\n[\s\S]*?(<!-- end -->)/g;

/** The document with every block made anew. Throws for a block that nobody makes, or whose end is missing. */
export async function withFreshBlocks(text) {
  const made = [];
  for (const [, , name, argument] of text.matchAll(block)) {
    if (!(name in makers)) throw new Error(`nobody makes a block "${name}"; there are ${Object.keys(makers).join(', ')}`);
    made.push(await makers[name](argument));
  }
  if (made.length !== text.split('<!-- begin ').length - 1) throw new Error('a block has no end');
  return text.replaceAll(block, (_, begin) => `${begin}\n\n${made.shift()}\n\n<!-- end -->`);
}
