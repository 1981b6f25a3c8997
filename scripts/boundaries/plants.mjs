// One wrong import for every rule, and right ones that no rule may touch: the self-test's tree. [file, imports..., expected rule | null].

const core = '@singularity-workflow/core';
const nest = '@singularity-workflow/core/nest';
const sdk = '@singularity-workflow/sdk';
const client = '@singularity-workflow/sdk/client';
const testkit = '@singularity-workflow/testkit';
const importing = (name) => `import * as planted from '${name}';\nexport const use = planted;\n`;
const importingType = (name) => `import type { Planted } from '${name}';\nexport type Use = Planted;\n`;

const coreFolders = 'config domain entities helpers leadership loop migrate queue regions store telemetry'.split(' ');
const coreFiles = ['index', 'nest/index', ...coreFolders.map((folder) => `${folder}/a`)];

/** Files that the plants point at. */
const ground = {
  'package.json': '{ "name": "planted", "type": "module" }',
  'packages/core/package.json': '{ "name": "@singularity-workflow/core", "type": "module", "devDependencies": { "only-for-tests": "1" } }',
  'packages/core/node_modules/only-for-tests/package.json': '{ "name": "only-for-tests", "version": "1.0.0", "main": "index.js" }',
  'packages/core/node_modules/only-for-tests/index.js': 'module.exports = {};',
  ...Object.fromEntries(coreFiles.map((name) => [`packages/core/src/${name}.ts`, 'export const a = 1;\n'])),
  'packages/sdk/src/index.ts': 'export const a = 1;\n',
  'packages/sdk/src/run.ts': 'export const a = 1;\n',
  'packages/sdk/src/client/index.ts': 'export const a = 1;\n',
  'packages/testkit/src/index.ts': 'export const a = 1;\n',
  'packages/examples/src/index.ts': 'export const a = 1;\n',
  'apps/router/src/main.ts': 'export const a = 1;\n',
  'apps/scheduler/src/main.ts': 'export const a = 1;\n',
};

/** @type {{ file: string, code: string, rules: string[] }[]} rules: those that must name this file, and no others */
export const plants = [];
const plant = (file, name, ...rules) => plants.push({ file, code: importing(name), rules });

plant('apps/router/src/p-deep.ts', '../../../packages/core/src/store/a.js', 'other-packages-by-their-doors', 'apps-know-core-and-sdk-only');
plant('apps/router/src/p-client.ts', client, 'apps-know-core-and-sdk-only');
plant(
  'apps/router/src/p-other.ts',
  '../../scheduler/src/main.js',
  'other-packages-by-their-doors',
  'no-app-knows-another',
  'apps-know-core-and-sdk-only',
);
plant('apps/router/src/p-testkit.ts', testkit, 'no-testkit-in-sources', 'apps-know-core-and-sdk-only');
plant('apps/router/test/p-deep.test.ts', '../../../packages/core/src/store/a.js', 'other-packages-by-their-doors');
plant('test-e2e/p-deep.test.ts', '../packages/core/src/store/a.js', 'e2e-by-the-doors');
plant('packages/sdk/src/p-nest.ts', nest, 'sdk-knows-core-only');
plant('packages/sdk/src/client/p-core.ts', core, 'client-knows-no-database');
plant('packages/sdk/src/client/p-run.ts', '../run.js', 'client-knows-no-database');
plant('packages/examples/src/p-core.ts', core, 'examples-are-users');
plant('packages/cli/src/p-nest.ts', nest, 'cli-is-a-user-and-an-administrator');
plant('packages/core/src/store/p-sdk.ts', sdk, 'core-knows-no-package');

plant('packages/core/src/domain/p-store.ts', '../store/a.js', 'core-domain-knows-its-own');
plant('packages/core/src/config/p-domain.ts', '../domain/a.js', 'core-config-knows-its-own');
plant('packages/core/src/cron/p-store.ts', '../store/a.js', 'core-cron-knows-its-own');
plant('packages/core/src/telemetry/p-loop.ts', '../loop/a.js', 'core-telemetry-knows-its-own');
plant('packages/core/src/loop/p-store.ts', '../store/a.js', 'core-loop-knows-its-own');
plant('packages/core/src/entities/p-store.ts', '../store/a.js', 'core-entities-knows-its-own');
plant('packages/core/src/store/p-queue.ts', '../queue/a.js', 'core-store-knows-its-own');
plant('packages/core/src/queue/p-migrate.ts', '../migrate/a.js', 'core-queue-knows-its-own');
plant('packages/core/src/migrate/p-loop.ts', '../loop/a.js', 'core-migrate-knows-its-own');
plant('packages/core/src/leadership/p-config.ts', '../config/a.js', 'core-leadership-knows-its-own');
plant('packages/core/src/regions/p-queue.ts', '../queue/a.js', 'core-regions-knows-its-own');
plant('packages/core/src/nest/p-migrate.ts', '../migrate/a.js', 'core-nest-knows-its-own');
plant('packages/core/src/store/p-helpers.ts', '../helpers/a.js', 'core-store-knows-its-own', 'core-has-these-folders-only');
plant('packages/core/src/domain/p-clock.ts', 'node:crypto', 'domain-imports-nothing');

plant('apps/scheduler/src/p-pg.ts', './pg/fake.js'); // a folder called pg is no driver
plant('apps/scheduler/src/p-croner.ts', 'croner', 'croner-in-cron-only', 'everything-resolves');
plant('apps/scheduler/src/p-typeorm.ts', 'typeorm', 'no-database-in-apps', 'everything-resolves');
plant('packages/sdk/src/p-pg.ts', 'pg', 'no-database-in-apps', 'everything-resolves');
plant('packages/sdk/src/p-nestjs.ts', '@nestjs/common', 'nest-at-the-rim-only', 'everything-resolves');
plant('packages/core/src/store/p-nestjs.ts', '@nestjs/common', 'nest-at-the-rim-only', 'everything-resolves');
plant('packages/core/src/store/p-pgmq.ts', 'pgmq-js', 'pgmq-in-the-queue-only', 'everything-resolves');
plant('packages/core/src/leadership/p-pg.ts', 'pg', 'database-drivers-below-the-store', 'everything-resolves');
plant('packages/core/src/store/p-dev.ts', 'only-for-tests', 'sources-import-no-dev-dependency');
plant('packages/core/src/store/p-cycle.ts', './p-cycle-back.js'); // a cycle is reported once, at the file that closes it
plant('packages/core/src/store/p-cycle-back.ts', './p-cycle.js', 'no-cycles');

// What must stay allowed.
plant('apps/executor/src/p-good.ts', sdk);
plant('apps/executor/src/p-rim.ts', nest);
plant('apps/router/test/p-good.test.ts', testkit);
plant('packages/core/test/p-good.test.ts', '../src/store/a.js');
plant('packages/core/test/p-testkit.test.ts', testkit);
plant('packages/core/src/nest/p-good.ts', '../store/a.js');
plant('packages/core/src/migrate/p-good.ts', '../entities/a.js');
plant('packages/sdk/src/p-good.ts', core);
plant('test-e2e/p-good.test.ts', sdk);
plants.push({ file: 'packages/sdk/src/client/p-type.ts', code: importingType('../run.js'), rules: [] });

// The door itself: it cannot be planted beside the ground's, so the ground's is the plant.
plants.push({ file: 'packages/core/src/index.ts', code: importing('./nest/index.js'), rules: ['core-door-is-free-of-nest'] });

export const tree = {
  ...ground,
  'apps/scheduler/src/pg/fake.ts': 'export const a = 1;\n',
  ...Object.fromEntries(plants.map(({ file, code }) => [file, code])),
};
