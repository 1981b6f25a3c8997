// All suites of all packages, one package after the other (two cores: side by side they would only make each other's timings worse), against one
// PostgreSQL: TEST_PG_URL, DATABASE_ADMIN_URL or DATABASE_URL if set, else one of its own (jest/test-server.mjs). Arguments go to turbo (`--filter=...`).
// The last line is `N passed, N failed[, N skipped]`; the exit code is non-zero if a test failed or a suite did not run.
import { rmSync } from 'node:fs';
import { resultsDir } from '../jest/counts-reporter.mjs';
import { exitWhenDone } from '../jest/exit-when-done.mjs';
import { startTestServer } from '../jest/test-server.mjs';
import { turbo } from './lib/turbo.mjs';
import { printSummary } from './summary.mjs';

exitWhenDone();
const given = process.env.TEST_PG_URL || process.env.DATABASE_ADMIN_URL || process.env.DATABASE_URL;
rmSync(resultsDir, { recursive: true, force: true });
const server = given ? null : await startTestServer();
let turboFailed;
try {
  const TEST_PG_URL = given ?? server.url;
  turboFailed = (await turbo(['test', '--concurrency=1', '--continue', ...process.argv.slice(2)], { env: { TEST_PG_URL } })) !== 0;
} finally {
  await server?.stop();
}
const complete = printSummary({ partial: process.argv.slice(2).some((argument) => argument.startsWith('--filter')) });
process.exitCode = turboFailed || !complete ? 1 : 0;
