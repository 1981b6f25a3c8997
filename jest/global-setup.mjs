// One PostgreSQL for a package's suites, its address in TEST_PG_URL: the one given (scripts/test.mjs starts one for all packages), a server
// named by DATABASE_ADMIN_URL or DATABASE_URL, or one of its own (test-server.mjs). Databases inside it are testkit's business.
import { exitWhenDone } from './exit-when-done.mjs';
import { startTestServer } from './test-server.mjs';

export default async function globalSetup() {
  exitWhenDone();
  process.env.TEST_PG_URL ||= process.env.DATABASE_ADMIN_URL || process.env.DATABASE_URL || '';
  if (process.env.TEST_PG_URL) return;
  globalThis.__testServer = await startTestServer();
  process.env.TEST_PG_URL = globalThis.__testServer.url;
}
