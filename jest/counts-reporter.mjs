// Leaves test-results/<package>.json with the numbers of a package's run and what failed, for scripts/summary.mjs to add up and to repeat.
import { mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join, relative } from 'node:path';
import { fileURLToPath } from 'node:url';
import { stripVTControlCharacters } from 'node:util';

export const resultsDir = process.env.TEST_RESULTS_DIR || fileURLToPath(new URL('../test-results', import.meta.url));

const MESSAGE_LINES = 30;

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
      failures: results.testResults.flatMap((suite) => this.failuresOf(suite)),
    };
    mkdirSync(resultsDir, { recursive: true });
    writeFileSync(join(resultsDir, `${name.replace(/^.*\//, '')}.json`), `${JSON.stringify(counts)}\n`);
  }
  failuresOf(suite) {
    const file = relative(this.rootDir, suite.testFilePath);
    if (suite.testExecError) return [{ file, test: '(the file does not load)', message: shortened(suite.failureMessage ?? '') }];
    return suite.testResults
      .filter((test) => test.status === 'failed')
      .map((test) => ({ file, test: test.fullName, message: shortened(test.failureMessages.join('\n')) }));
  }
}

/** The head of a failure's text, without the frames of libraries: what was expected and where. The whole stands where Jest printed it. */
function shortened(message) {
  const lines = stripVTControlCharacters(message).trim().split('\n');
  return lines
    .filter((line) => !/^\s+at .*(node_modules|node:|<anonymous>)/.test(line))
    .slice(0, MESSAGE_LINES)
    .join('\n');
}
