// `pnpm check`: everything but the tests. Two checks at a time; what one says is shown when it failed. Arguments pick checks by name.
import { spawn } from 'node:child_process';
import { root } from './lib/turbo.mjs';

const SIDE_BY_SIDE = 2;
const script = (name) => [process.execPath, `scripts/${name}.mjs`];
const checks = {
  snapshot: script('snapshot'), // the longest first
  types: ['tsc', '-p', 'tsconfig.workspace.json'],
  lint: script('lint'),
  boundaries: script('boundaries'),
  tidy: script('tidy'),
  format: ['oxfmt', '--check'],
  docs: script('docs/check'), // links, named tests, and what is made from the code; --write makes it anew
};

function run([command, ...args]) {
  const child = spawn(command, args, { cwd: root, env: { ...process.env, PATH: `${root}/node_modules/.bin:${process.env.PATH}` } });
  let output = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk) => (output += chunk));
  return new Promise((done) => {
    child.once('error', (error) => done({ ok: false, output: String(error) }));
    child.once('close', (code) => done({ ok: code === 0, output }));
  });
}

const wanted = process.argv.slice(2);
const unknown = wanted.filter((name) => !(name in checks));
if (unknown.length > 0) throw new Error(`no such check: ${unknown.join(', ')}; there are ${Object.keys(checks).join(', ')}`);
const queue = Object.entries(checks).filter(([name]) => wanted.length === 0 || wanted.includes(name));
let failed = 0;

async function worker() {
  for (let next = queue.shift(); next; next = queue.shift()) {
    const [name, command] = next;
    const began = Date.now();
    const { ok, output } = await run(command);
    if (!ok) failed += 1;
    console.log(`${ok ? 'ok    ' : 'FAILED'} ${name} (${((Date.now() - began) / 1000).toFixed(1)} s)`);
    if (!ok) console.log(output.trimEnd().replaceAll(/^/gm, '       '));
  }
}

await Promise.all(Array.from({ length: SIDE_BY_SIDE }, worker));
process.exitCode = failed > 0 ? 1 : 0;
