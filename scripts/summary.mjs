// Adds up what the suites left in test-results/, repeats what failed (whoever reads the end of a long log sees it) and prints
// `N passed, N failed[, N skipped]` on a line of its own, last. A package that has a `test` script and left nothing counts as failed: a suite
// that did not run is no success.
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { resultsDir } from '../jest/counts-reporter.mjs';
import { workspacePackages } from './lib/workspace.mjs';

/** @returns {boolean} whether everything ran and nothing failed */
export function printSummary({ partial = false } = {}) {
  const files = existsSync(resultsDir) ? readdirSync(resultsDir) : [];
  const results = files.map((file) => JSON.parse(readFileSync(join(resultsDir, file), 'utf8')));
  const total = { passed: 0, failed: 0, skipped: 0 };
  for (const result of results.sort((a, b) => a.package.localeCompare(b.package))) {
    for (const outcome of Object.keys(total)) total[outcome] += result[outcome];
    const remark = result.interrupted ? '  INTERRUPTED' : '';
    console.log(`${result.package.padEnd(40)} ${result.passed} passed, ${result.failed} failed, ${result.skipped} skipped${remark}`);
  }
  const seen = new Set(results.filter((result) => !result.interrupted).map((result) => result.package));
  const missing = partial ? [] : workspacePackages().filter((one) => one.manifest.scripts?.test && !seen.has(one.manifest.name));
  for (const { manifest } of missing) console.log(`${manifest.name.padEnd(40)} DID NOT RUN TO ITS END`);
  total.failed += missing.length;
  for (const result of results)
    for (const { file, test, message } of result.failures) console.log(`\nFAILED ${result.package} ${file}: ${test}\n${indented(message)}`);
  console.log(`\n${total.passed} passed, ${total.failed} failed${total.skipped ? `, ${total.skipped} skipped` : ''}`);
  return total.failed === 0 && total.passed > 0;
}

const indented = (text) => text.replace(/^/gm, '  ');

if (process.argv[1] && resolve(process.argv[1]) === fileURLToPath(import.meta.url)) process.exitCode = printSummary() ? 0 : 1;
