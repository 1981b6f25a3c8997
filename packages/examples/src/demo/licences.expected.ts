// The numbers of a licence audit by another way: one glob, one pass, no code of the workflow. Knows pnpm's layout only, which is this repository's.
import { globSync, lstatSync, readFileSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { ALLOWED_LICENCES } from '../licences/verdict.js';

export interface ExpectedAudit {
  readonly packages: number;
  readonly conflicts: number;
  readonly missing: number;
  readonly withoutText: number;
}

export function expectedAudit(root: string): ExpectedAudit {
  const found = ['*', '@*/*'].flatMap((name) => globSync(`node_modules/.pnpm/*/node_modules/${name}/package.json`, { cwd: root }));
  const packages = found.map((manifest) => join(root, dirname(manifest))).filter((directory) => !lstatSync(directory).isSymbolicLink());
  const licences = packages.map(declared);
  return {
    packages: packages.length,
    conflicts: licences.filter((licence) => licence !== '' && !allowed(licence)).length,
    missing: licences.filter((licence, at) => licence === '' && textsIn(packages[at]!).length === 0).length,
    withoutText: packages.filter((directory) => textsIn(directory).length === 0).length,
  };
}

function declared(directory: string): string {
  const { license, licenses } = JSON.parse(readFileSync(join(directory, 'package.json'), 'utf8')) as Record<string, unknown>;
  const types = [license ?? licenses ?? []].flat().map((one) => (typeof one === 'string' ? one : (one as { type: string }).type));
  return types.join(' OR ');
}

const textsIn = (directory: string): string[] => readdirSync(directory).filter((name) => /^(licen[cs]e|copying|unlicense)\b/i.test(name));

/** "MIT OR (Zlib AND ISC)": all parts of one alternative must be on the list. Enough for what is installed here, no SPDX parser. */
const allowed = (licence: string): boolean =>
  licence
    .replaceAll(/[()]/g, '')
    .split(' OR ')
    .some((alternative) =>
      alternative.split(' AND ').every((part) => ALLOWED_LICENCES.includes(part.replace(/^Apache 2\.0$/, 'Apache-2.0'))),
    );
