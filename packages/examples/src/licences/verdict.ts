import satisfies from 'spdx-satisfies';
import type { PackageLicence } from './read-package.js';

/** Licences that ask for no more than a notice. What is not here is reported, not judged: that is a lawyer's work. */
export const ALLOWED_LICENCES = [
  '0BSD',
  'Apache-2.0',
  'BSD-2-Clause',
  'BSD-3-Clause',
  'BlueOak-1.0.0',
  'CC0-1.0',
  'ISC',
  'MIT',
  'PostgreSQL',
  'Python-2.0',
  'Unlicense',
  'Zlib',
];

export type Verdict = 'allowed' | 'conflict' | 'missing';

export function verdictOn({ licence }: PackageLicence, allowed: readonly string[]): Verdict {
  if (licence === null) return 'missing';
  try {
    return satisfies(licence, [...allowed]) ? 'allowed' : 'conflict';
  } catch {
    return 'conflict'; // "SEE LICENSE IN ..." and the like: no SPDX expression, so nothing that the list could allow
  }
}
