'use strict';
// Jest transformer: TypeScript, and every ES module (ours and node_modules'), -> CommonJS through swc.
// Why: Jest on Node < 24.9 cannot require() ES modules from CommonJS ones, and the Nest 12 world is a mix of both
// (CommonJS @willsoto/nestjs-prometheus, nestjs-pino, @fastify/static require ESM packages). One module system, one
// instance of each package, no experimental flags, and jest.mock() is hoisted as usual.
const { createHash } = require('node:crypto');
const { existsSync, readFileSync } = require('node:fs');
const { dirname, join, relative } = require('node:path');
const swc = require('@swc/core');

const self = readFileSync(__filename);
const typeOf = new Map();
/** Node's own rule: the nearest package.json says whether .js is ESM. */
function isModuleDir(dir) {
  let t = typeOf.get(dir);
  if (t === undefined) {
    const p = join(dir, 'package.json');
    t = existsSync(p) ? JSON.parse(readFileSync(p, 'utf8')).type === 'module' : dirname(dir) !== dir && isModuleDir(dirname(dir));
    typeOf.set(dir, t);
  }
  return t;
}

module.exports = {
  canInstrument: false,
  process(code, file) {
    const ts = /\.[mc]?ts$/.test(file);
    if (!ts && !file.endsWith('.mjs') && (file.endsWith('.cjs') || !isModuleDir(dirname(file)))) return { code };
    const own = !file.includes('/node_modules/');
    return swc.transformSync(code, {
      filename: file,
      configFile: false,
      swcrc: false,
      sourceMaps: own ? 'inline' : false,
      inputSourceMap: own && !ts,
      jsc: {
        target: 'es2022',
        keepClassNames: true,
        parser: ts ? { syntax: 'typescript', decorators: true } : { syntax: 'ecmascript' },
        transform: { legacyDecorator: true, decoratorMetadata: true, useDefineForClassFields: false, hidden: { jest: true } },
      },
      module: { type: 'commonjs' },
    });
  },
  getCacheKey(code, file, { config, instrument }) {
    return createHash('sha1')
      .update(self)
      .update(swc.version)
      .update(`${instrument}\0${relative(config.rootDir, file)}\0`)
      .update(code)
      .digest('hex');
  },
};
