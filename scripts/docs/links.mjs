// Every relative link of a document leads to a file, its anchor to a heading; and a link to a test whose text is in quotes names a test of
// that file, so that no promise outlives what shows it.
import { existsSync, readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';

const link = /(!?)\[((?:[^\][]|\[[^\]]*\])*)\]\(([^)\s]+)\)|\b(?:src|srcset|href)="([^"]+)"/g;
const elsewhere = /^[a-z][a-z+.-]*:|^\/\//i;

const withoutCode = (text) =>
  text.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, '').replaceAll(/`[^`\n]*`/g, (inline) => inline.replaceAll(/[[\]()]/g, ' '));

/** What GitHub makes of a heading. */
export function anchorsOf(text) {
  const seen = new Map();
  return new Set(
    [...text.replaceAll(/^(```|~~~)[\s\S]*?^\1/gm, '').matchAll(/^#{1,6} +(.+?) *$/gm)].map(([, heading]) => {
      const plain = heading.replaceAll(/\[([^\]]*)\]\([^)]*\)/g, '$1').toLowerCase();
      const slug = plain.replaceAll(/[^\p{L}\p{N}\s_-]/gu, '').replaceAll(/\s/g, '-');
      const times = seen.get(slug) ?? 0;
      seen.set(slug, times + 1);
      return times === 0 ? slug : `${slug}-${times}`;
    }),
  );
}

const titlesOf = (source) => source.replaceAll(/\\(['"`])/g, '$1');

/** @param {string} path of the document @param {string} text @param {(path: string) => string | null} read null where there is nothing, '' for a folder */
export function brokenLinks(path, text, read) {
  const mistakes = [];
  for (const [, , words, written, attribute] of withoutCode(text).matchAll(link)) {
    const target = written ?? attribute;
    if (elsewhere.test(target)) continue;
    const [file, anchor] = target.split('#');
    const place = file === '' ? path : normalize(join(dirname(path), decodeURIComponent(file)));
    const found = place === path ? text : read(place);
    if (found === null) mistakes.push(`${path}: ${target} leads nowhere`);
    else if (anchor !== undefined && place.endsWith('.md') && !anchorsOf(found).has(anchor))
      mistakes.push(`${path}: ${place} has no heading #${anchor}`);
    const title = /^"(.+)"$/.exec(words ?? '')?.[1];
    if (found !== null && title !== undefined && place.endsWith('.test.ts') && !titlesOf(found).includes(title)) {
      mistakes.push(`${path}: ${place} has no test "${title}"`);
    }
  }
  return mistakes;
}

/** @param {string} root */
export const readerOf = (root) => (path) => {
  const whole = join(root, path);
  if (!existsSync(whole)) return null;
  return /\.(md|ts)$/.test(path) ? readFileSync(whole, 'utf8') : '';
};

const tree = { 'docs/a.md': '# One two\n## One, two\n', 'x.test.ts': String.raw`it('isn\'t lost', ...)`, 'docs/p.svg': '' };
const plants = [
  ['[a](docs/a.md) [b](docs/a.md#one-two-1) ![p](docs/p.svg) ["isn\'t lost"](x.test.ts) [w](https://x.y/z) <img src="docs/p.svg">', null],
  ['```\n[a](nowhere.md)\n```\n`[a](nowhere.md)`', null],
  ['# Here\n[a](#here)', null],
  ['[a](docs/b.md)', /leads nowhere/],
  ['<img src="docs/q.svg">', /leads nowhere/],
  ['[a](docs/a.md#three)', /no heading #three/],
  ['[a](#there)', /no heading #there/],
  ['["is lost"](x.test.ts)', /no test "is lost"/],
];

/** Tries the check on what it must refuse and on what it must let pass. */
export function selfTest() {
  return plants.flatMap(([text, expected]) => {
    const found = brokenLinks('README.md', text, (path) => tree[path] ?? null);
    if (expected === null) return found.map((mistake) => `links: refuses what is right: ${mistake}`);
    return found.some((mistake) => expected.test(mistake)) ? [] : [`links: does not see a planted mistake (${expected})`];
  });
}
