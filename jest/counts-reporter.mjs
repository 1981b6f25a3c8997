// Leaves test-results/<package>.json with the numbers of a package's run, for scripts/summary.mjs to add up.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

export const resultsDir = process.env.TEST_RESULTS_DIR || fileURLToPath(new URL('../test-results', import.meta.url));

export default class CountsReporter {
  constructor(globalConfig) {
    this.rootDir = globalConfig.rootDir;
  }

  onRunComplete(_contexts, results) {
    const { name } = JSON.parse(readFileSync(join(this.rootDir, 'package.json'), 'utf8'));
    const counts = {
      package: name,
      passed: results.numPassedTests,
      // A file that does not even load has no tests that could fail.
      failed: results.numFailedTests + results.numRuntimeErrorTestSuites,
      skipped: results.numPendingTests + results.numTodoTests,
      interrupted: results.wasInterrupted,
    };
    mkdirSync(resultsDir, { recursive: true });
    writeFileSync(join(resultsDir, `${name.replace(/^.*\//, '')}.json`), `${JSON.stringify(counts)}\n`);
  }
}
