// A function takes at most four parameters, a constructor six. (oxlint's max-params has one limit for both.)
import { parseSync } from '@swc/core';
import { pick } from './tree.mjs';

const PARAMETERS_MAX = 4;
const CONSTRUCTOR_MAX = 6;

/** Calls `see(node)` for every node below. */
function visit(node, see) {
  if (Array.isArray(node)) return node.forEach((one) => visit(one, see));
  if (node === null || typeof node !== 'object') return;
  if (typeof node.type === 'string') see(node);
  for (const value of Object.values(node)) visit(value, see);
}

function parametersOf(node) {
  if (node.type === 'Constructor') return { count: node.params.length, max: CONSTRUCTOR_MAX, name: 'constructor' };
  if (node.type === 'ArrowFunctionExpression') return { count: node.params.length, max: PARAMETERS_MAX, name: 'a function' };
  if (node.type === 'FunctionDeclaration' || node.type === 'FunctionExpression') {
    return { count: node.params.length, max: PARAMETERS_MAX, name: node.identifier?.value ?? 'a function' };
  }
  if (node.type === 'ClassMethod' || node.type === 'PrivateMethod' || node.type === 'MethodProperty') {
    return { count: (node.function ?? node).params.length, max: PARAMETERS_MAX, name: node.key.value ?? 'a method' };
  }
  return null;
}

function mistakes(path, text) {
  const options = path.endsWith('.ts') ? { syntax: 'typescript', decorators: true } : { syntax: 'ecmascript' };
  const found = [];
  visit(parseSync(text, { ...options, target: 'es2022' }).body, (node) => {
    const seen = parametersOf(node);
    if (seen && seen.count > seen.max) found.push(`${path}: ${seen.name} takes ${seen.count} parameters, the limit is ${seen.max}`);
  });
  return found;
}

const at = 'packages/core/src/store/a.ts';

export default {
  name: 'parameters',
  check: (tree) => pick(tree, /\.(ts|mjs)$/).flatMap(([path, text]) => mistakes(path, text)),
  right: [{ [at]: 'class A { constructor(a, b, c, d, e, f) {} m(a, b, c, d) {} }\nexport const f = (a, b, c, d) => 1;' }],
  wrong: [
    { plant: { [at]: 'class A { constructor(a, b, c, d, e, f, g) {} }' }, expect: /constructor takes 7/ },
    { plant: { [at]: 'class A { m(a, b, c, d, e) {} }' }, expect: /m takes 5/ },
    { plant: { [at]: 'export function f(a, b, c, d, e) {}' }, expect: /f takes 5/ },
    { plant: { [at]: 'export const f = (a, b, c, d, e) => 1;' }, expect: /a function takes 5/ },
  ],
};
