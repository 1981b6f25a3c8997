// Who may import whom. Three pictures: packages see each other through doors only; inside core the arrows of `coreArrows`; and packages from npm
// stay in the folders that own them. Paths are of sources: `@singularity-workflow/*` is resolved to src, so nothing has to be built.

/** Inside packages/core/src: each folder and those it may know. What stands here is closed under "may know". */
const coreArrows = {
  nest: ['regions', 'config', 'queue'],
  regions: ['leadership'],
  leadership: ['store', 'loop'],
  migrate: ['queue', 'store', 'config'],
  queue: ['store'],
  store: ['entities'],
  entities: ['domain'],
  loop: ['telemetry'],
  telemetry: ['domain'],
  cron: ['domain'],
  config: [],
  domain: [],
};

/** Package and path of what other packages may import of it. */
export const doors = {
  core: 'packages/core/src/index.ts',
  'core/nest': 'packages/core/src/nest/index.ts',
  sdk: 'packages/sdk/src/index.ts',
  'sdk/client': 'packages/sdk/src/client/index.ts',
  testkit: 'packages/testkit/src/index.ts',
  examples: 'packages/examples/src/index.ts',
};

const exactly = (...names) => names.map((name) => `^${doors[name].replace('.', '\\.')}$`);
/** A package from npm or, where it is not installed, its bare name. */
const npm = (...names) => `(^|/node_modules/)(${names.join('|')})(/|$)`;
const ours = '^(apps|packages|test-e2e)/';

function reach(folder, seen = new Set()) {
  for (const next of coreArrows[folder]) if (!seen.has(next)) reach(next, seen.add(next));
  return [...seen];
}

const rule = (name, comment, from, to) => ({ name, comment, severity: 'error', from, to });

const betweenPackages = [
  rule(
    'other-packages-by-their-doors',
    'what is not exported by a door is free to change',
    { path: '^(apps|packages)/([^/]+)/' },
    { path: ours, pathNot: ['^$1/$2/', ...exactly(...Object.keys(doors))] },
  ),
  rule(
    'e2e-by-the-doors',
    'scenarios run processes; what they import, they import as anybody would',
    { path: '^test-e2e/' },
    { path: ours, pathNot: ['^test-e2e/', ...exactly('core', 'sdk', 'sdk/client', 'testkit', 'examples')] },
  ),
  rule('no-app-knows-another', 'apps talk through the database only', { path: '^apps/([^/]+)/' }, { path: '^apps/', pathNot: '^apps/$1/' }),
  rule(
    'apps-know-core-and-sdk-only',
    'an app is wiring around core, its rim, and the sdk',
    { path: '^apps/([^/]+)/src/' },
    { path: ours, pathNot: ['^apps/$1/', ...exactly('core', 'core/nest', 'sdk')] },
  ),
  rule(
    'sdk-knows-core-only',
    'the rim of core belongs to apps',
    { path: '^packages/sdk/src/' },
    { path: ours, pathNot: ['^packages/sdk/', ...exactly('core')] },
  ),
  rule(
    'client-knows-no-database',
    'a browser or a lambda that starts runs must not load pg; types are free',
    { path: '^packages/sdk/src/client/' },
    { path: ours, pathNot: '^packages/sdk/src/client/', dependencyTypesNot: ['type-only'] },
  ),
  rule(
    'examples-are-users',
    'they show what a user of the sdk can do',
    { path: '^packages/examples/src/' },
    { path: ours, pathNot: ['^packages/examples/', ...exactly('sdk', 'sdk/client')] },
  ),
  rule(
    'cli-is-a-user-and-an-administrator',
    "it speaks REST as any client does; migrations and limits it does through core, with the administrator's login",
    { path: '^packages/cli/src/' },
    { path: ours, pathNot: ['^packages/cli/', ...exactly('core', 'sdk', 'sdk/client')] },
  ),
  rule('core-knows-no-package', 'core is the bottom', { path: '^packages/core/src/' }, { path: ours, pathNot: '^packages/core/' }),
  rule(
    'no-testkit-in-sources',
    'it is for tests only',
    { path: '^(apps|packages)/(?!testkit/)[^/]+/src/' },
    { path: '^packages/testkit/' },
  ),
];

const insideCore = [
  ...Object.keys(coreArrows).map((folder) =>
    rule(
      `core-${folder}-knows-its-own`,
      `core/src/${folder} may know: ${reach(folder).join(', ') || 'nothing'}`,
      { path: `^packages/core/src/${folder}/` },
      { path: '^packages/core/src/', pathNot: `^packages/core/src/(${[folder, ...reach(folder)].join('|')})/` },
    ),
  ),
  rule(
    'core-door-is-free-of-nest',
    'who has no Nest must be able to import core',
    { path: '^packages/core/src/index\\.ts$' },
    { path: '^packages/core/src/nest/' },
  ),
  rule(
    'core-has-these-folders-only',
    'a new folder needs its arrows here first',
    { path: '^packages/core/src/' },
    { path: '^packages/core/src/', pathNot: `^packages/core/src/(index\\.ts$|(${Object.keys(coreArrows).join('|')})/)` },
  ),
  rule(
    'domain-imports-nothing',
    'no package, no clock, no randomness',
    { path: '^packages/core/src/domain/' },
    { pathNot: '^packages/core/src/' },
  ),
];

const packagesFromNpm = [
  rule(
    'no-database-in-apps',
    'no SQL, no ORM outside core',
    { path: '^(apps|packages/(sdk|examples|cli))/[^/]+/|^packages/sdk/', pathNot: '/test/' },
    { path: npm('pg', 'pg-pool', 'typeorm', 'pgmq-js', '@nestjs/typeorm') },
  ),
  rule(
    'nest-at-the-rim-only',
    'classes are plain; Nest is the rim',
    { path: '^packages/', pathNot: '^packages/core/src/nest/|/test/' },
    { path: npm('@nestjs/.+', 'nestjs-pino', '@willsoto/nestjs-prometheus') },
  ),
  rule('pgmq-in-the-queue-only', 'one gateway', { path: '^packages/core/src/', pathNot: '/src/queue/' }, { path: npm('pgmq-js') }),
  rule(
    'database-drivers-below-the-store',
    'who asks the database asks a store',
    { path: '^packages/core/src/', pathNot: '/src/(store|entities|migrate|nest|queue)/' },
    { path: npm('pg', 'pg-pool', 'typeorm') },
  ),
  rule('croner-in-cron-only', 'one place computes slots', { path: ours, pathNot: '^packages/core/src/cron/' }, { path: npm('croner') }),
  rule(
    'sources-import-no-dev-dependency',
    'it is not there where the package is installed',
    { path: '^(apps|packages)/[^/]+/src/' },
    { dependencyTypes: ['npm-dev'], dependencyTypesNot: ['type-only'] },
  ),
];

const shape = [
  rule(
    'no-cycles',
    'neither file can be read first (entities point at each other by design)',
    { path: ours, pathNot: '^packages/core/src/entities/' },
    { circular: true, viaOnly: { dependencyTypesNot: ['type-only'] } },
  ),
  rule('everything-resolves', 'missing from package.json, or misspelt', { path: ours }, { couldNotResolve: true }),
];

export const forbidden = [...betweenPackages, ...insideCore, ...packagesFromNpm, ...shape];
