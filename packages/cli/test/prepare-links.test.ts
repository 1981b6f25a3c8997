import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { Database, ensureServiceLogins } from '@singularity-workflow/core';
import { useTestDatabase } from '@singularity-workflow/testkit';
import { run } from '../src/index.js';

const db = useTestDatabase();
const folder = mkdtempSync(join(tmpdir(), 'workflow-cli-'));
afterAll(() => rmSync(folder, { recursive: true }));

async function prepare(password: string, ...args: string[]) {
  const passwordFile = join(folder, 'password');
  writeFileSync(passwordFile, `${password}\n`);
  const lines: string[] = [];
  const terminal = { out: (line: string) => lines.push(line), err: (line: string) => lines.push(line), read: async () => '' };
  const code = await run(['prepare-links', '--password-file', passwordFile, '--admin-url', db.url(), ...args], terminal);
  return { code, said: lines.join('\n') };
}

it('gives a database what links need, as often as it is asked', async () => {
  await ensureServiceLogins({ adminUrl: db.url() });
  const done = {
    code: 0,
    said: expect.stringMatching(
      /^region_replicator may log in, and the monitor may make links\ntransactions of .*workflow_executor_login.* end before the lease of 5000 ms$/,
    ),
  };
  expect(await prepare('a-password-for-tests')).toEqual(done);
  expect(await prepare('a-password-for-tests')).toEqual(done);
  const [roles] = await db.sql(
    `select r.rolcanlogin and r.rolreplication and not r.rolsuper as replicator, o.rolcanlogin and o.rolconnlimit = 0 and not o.rolsuper as owner,
            pg_has_role('workflow_monitor_login', 'workflow_owner', 'set') and not pg_has_role('workflow_monitor_login', 'workflow_owner', 'usage') as monitor
       from pg_roles r, pg_roles o where r.rolname = 'region_replicator' and o.rolname = 'workflow_owner'`,
  );
  expect(roles).toEqual({ replicator: true, owner: true, monitor: true });
});

it('names a login that there is not, and refuses a password that is none', async () => {
  expect(await prepare('a-password-for-tests', '--monitor-login', 'nobody_there')).toEqual({
    code: 1,
    said: expect.stringContaining('there is no login nobody_there'),
  });
  expect(await prepare('short')).toEqual({ code: 1, said: expect.stringContaining('must have 12 characters') });
});

it('has the transactions of the services end before the lease', async () => {
  const { executor } = await ensureServiceLogins({ adminUrl: db.url() });
  expect(await prepare('a-password-for-tests', '--lease-ms', '20000')).toMatchObject({ code: 0 });
  const database = new Database({ url: executor, poolSize: 1 });
  try {
    expect(await database.query(`select current_setting('transaction_timeout') as timeout`)).toEqual([{ timeout: '19500ms' }]);
  } finally {
    await database.close();
  }
  expect(await prepare('a-password-for-tests', '--lease-ms', 'long')).toMatchObject({
    said: expect.stringContaining('must be a whole number'),
  });
});
