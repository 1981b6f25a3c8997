// Code in the documents is a file of docs/snippets, which the type check compiles: `snippet name.ts`, or `snippet name.ts#region` for the lines
// between `// #region region` and `// #endregion`.
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { root } from '../lib/turbo.mjs';

function regionOf(text, name) {
  const lines = text.split('\n');
  const from = lines.findIndex((line) => line.trim() === `// #region ${name}`);
  const length = lines.slice(from + 1).findIndex((line) => line.trim() === '// #endregion');
  if (from < 0 || length < 0) throw new Error(`there is no region ${name}`);
  const inner = lines.slice(from + 1, from + 1 + length);
  const indent = Math.min(...inner.filter((line) => line.trim() !== '').map((line) => line.search(/\S/)));
  return inner.map((line) => line.slice(indent)).join('\n');
}

export function snippet(place) {
  const [file, region] = place.split('#');
  const text = readFileSync(join(root, 'docs/snippets', file), 'utf8');
  return `\`\`\`ts\n${(region === undefined ? text : regionOf(text, region)).trim()}\n\`\`\``;
}
