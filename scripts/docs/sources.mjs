// Lets the generators read the TypeScript sources themselves: nothing has to be built before, and no table is copied.
// `@singularity-workflow/core` is its two folders without a package: all that the table of HTTP statuses needs of it.
import { readFileSync } from 'node:fs';
import { registerHooks, stripTypeScriptTypes } from 'node:module';
import { join } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { root } from '../lib/turbo.mjs';

const core = pathToFileURL(join(root, 'packages/core/src/')).href;
const CORE_ALONE = `export * from '${core}domain/index.ts'; export * from '${core}telemetry/events.ts';`;

const isSource = (url) => url.startsWith('file:') && url.endsWith('.ts');

registerHooks({
  resolve(specifier, context, next) {
    if (specifier === '@singularity-workflow/core') return { url: 'source:core', format: 'module', shortCircuit: true };
    const own = specifier.startsWith('.') && isSource(context.parentURL ?? '');
    return next(own ? specifier.replace(/\.js$/, '.ts') : specifier, context);
  },
  load(url, context, next) {
    if (url === 'source:core') return { format: 'module', source: CORE_ALONE, shortCircuit: true };
    if (!isSource(url)) return next(url, context);
    const source = stripTypeScriptTypes(readFileSync(fileURLToPath(url), 'utf8'), { mode: 'transform' });
    return { format: 'module', source, shortCircuit: true };
  },
});

/** @param {string} path of a TypeScript source, relative to the root */
export const importSource = (path) => import(pathToFileURL(join(root, path)).href);
