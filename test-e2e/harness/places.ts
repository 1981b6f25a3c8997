// Where things stand, whether this code runs as sources (Jest) or as what was built of them (dist, one folder deeper).
import { basename, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';

const above = fileURLToPath(new URL('..', import.meta.url));

/** The folder of this package. */
export const e2eFolder = basename(above) === 'dist' ? resolve(above, '..') : resolve(above);

/** The repository. */
export const root = resolve(e2eFolder, '..');
