import { silentLogger } from '@singularity-workflow/core';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { loadWorkflows } from '../src/load-workflows.js';

const here = fileURLToPath(new URL('.', import.meta.url));
const load = (...modules: string[]) => loadWorkflows(modules, here, silentLogger);

it('takes every workflow that a module exports, once each, and nothing else', async () => {
  expect((await load('./modules/good.ts')).map(({ slug }) => slug)).toEqual(['double', 'triple']);
});

it('finds a package from the working directory, and knows its workflows by their shape', async () => {
  const application = await mkdtemp(join(tmpdir(), 'application-'));
  const folder = join(application, 'node_modules/shop-flows');
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'package.json'), JSON.stringify({ name: 'shop-flows', main: 'index.js' }));
  await writeFile(
    join(folder, 'index.js'),
    `exports.shop = { slug: 'shop', definition: { slug: 'shop', steps: [] }, handlers: new Map() };`,
  );
  const workflows = await loadWorkflows(['shop-flows'], application, silentLogger);
  await rm(application, { recursive: true });
  expect(workflows.map(({ slug }) => slug)).toEqual(['shop']);
});

it.each([
  [[], /WORKFLOW_MODULES is not set; it must be modules that export workflows; the executor would have nothing to run/],
  [['./modules/none.ts'], /WORKFLOW_MODULES is '.\/modules\/none.ts'; .*'.\/modules\/none.ts' exports none/],
  [['./modules/good.ts', './missing.js'], /WORKFLOW_MODULES is .*'.\/missing.js' cannot be loaded: Cannot find module/],
  [['no-such-package'], /'no-such-package' cannot be loaded: Cannot find module/],
])('refuses %j, naming what is wrong', async (modules, message) => {
  await expect(load(...modules)).rejects.toThrow(message);
});
