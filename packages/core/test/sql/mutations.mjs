// Breaks one guard of the SQL after the other, in a copy, and sees that the test named for it fails: `node test/sql/mutations.mjs [part of a name]`
// below packages/core. What it found is in MUTATIONS.md. Takes some minutes; not part of `npm test`.
import { spawnSync } from 'node:child_process';
import { cpSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { MUTATIONS } from './mutations.list.mjs';
import { ORCHESTRATOR_MUTATIONS } from './orchestrators/mutations.mjs';
import { HELD_MUTATIONS } from './queue/mutations.held.mjs';
import { CATALOG_MUTATIONS } from './regions/mutations.catalog.mjs';
import { EVENT_MUTATIONS } from './regions/mutations.events.mjs';
import { HOME_MUTATIONS } from './regions/mutations.homes.mjs';
import { PLACEMENT_MUTATIONS } from './regions/mutations.placement.mjs';
import { REGION_MUTATIONS } from './regions/mutations.mjs';
import { REPLICATION_MUTATIONS } from './replication/mutations.mjs';
import { SCHEDULE_MUTATIONS } from './schedules/mutations.mjs';

const core = fileURLToPath(new URL('../../', import.meta.url));

/** A copy of sql/ with one mutation. A text that is not there (any more) is a mistake of the list. */
function mutatedTree({ file, from, to }) {
  const folder = mkdtempSync(join(tmpdir(), 'workflow-mutation-'));
  cpSync(join(core, 'sql'), folder, { recursive: true });
  const path = join(folder, 'functions', file);
  const text = readFileSync(path, 'utf8');
  if (!text.includes(from)) throw new Error(`${file} does not contain: ${from}`);
  writeFileSync(path, text.replaceAll(from, to));
  return folder;
}

function failedTests(folder, test) {
  const env = { ...process.env, TEST_SQL_FOLDER: folder, TEST_RESULTS_DIR: folder };
  const run = spawnSync('npx', ['jest', '--json', '--silent', `test/sql/${test}`], {
    cwd: core,
    env,
    encoding: 'utf8',
    maxBuffer: 1 << 28,
  });
  const results = JSON.parse(run.stdout.slice(run.stdout.indexOf('{"num')));
  return results.testResults.flatMap(({ assertionResults }) =>
    assertionResults.filter(({ status }) => status === 'failed').map(({ fullName }) => fullName),
  );
}

const wanted = process.argv[2] ?? '';
let survived = 0;
for (const mutation of [
  ...MUTATIONS,
  ...ORCHESTRATOR_MUTATIONS,
  ...REGION_MUTATIONS,
  ...HOME_MUTATIONS,
  ...PLACEMENT_MUTATIONS,
  ...CATALOG_MUTATIONS,
  ...EVENT_MUTATIONS,
  ...HELD_MUTATIONS,
  ...SCHEDULE_MUTATIONS,
  ...REPLICATION_MUTATIONS,
].filter(({ name }) => name.includes(wanted))) {
  const folder = mutatedTree(mutation);
  try {
    const failed = failedTests(folder, mutation.test);
    const isKilled = failed.some((title) => title.includes(mutation.kills));
    if (!isKilled) survived += 1;
    console.log(
      `${isKilled ? 'killed  ' : 'SURVIVED'}  ${mutation.name} (${failed.length} failed${isKilled ? '' : `: ${failed.join('; ')}`})`,
    );
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}
console.log(`${survived} mutations survived`);
process.exitCode = survived > 0 ? 1 : 0;
