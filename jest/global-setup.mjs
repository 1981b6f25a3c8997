// One PostgreSQL for a package's suites, its address in TEST_PG_URL: the one given (scripts/test.mjs starts one for all packages), a server
// named by DATABASE_ADMIN_URL or DATABASE_URL, or an ephemeral one of its own. Databases inside it are testkit's business.
import { startPostgres } from '../scripts/pg.mjs';

export default async function globalSetup() {
  process.env.TEST_PG_URL ||= process.env.DATABASE_ADMIN_URL || process.env.DATABASE_URL || '';
  if (process.env.TEST_PG_URL) return;
  globalThis.__testPostgres = await startPostgres();
  process.env.TEST_PG_URL = globalThis.__testPostgres.url();
}
