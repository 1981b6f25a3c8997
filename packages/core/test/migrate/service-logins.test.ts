import { mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ensureServiceLogins, migrate, SERVICE_ROLES } from '../../src/migrate/index.js';
import { Database } from '../../src/store/index.js';
import { createEmptyDatabase, type EmptyDatabase } from '../support/empty-database.js';

describe('the logins of the services', () => {
  let empty: EmptyDatabase;
  let folder: string;

  beforeAll(async () => {
    empty = await createEmptyDatabase();
    await migrate({ adminUrl: empty.url });
    folder = mkdtempSync(join(tmpdir(), 'workflow-secrets-'));
  });

  afterAll(async () => {
    await ensureServiceLogins({ adminUrl: empty.url }); // for whoever uses this server after us
    rmSync(folder, { recursive: true });
    await empty.drop();
  });

  async function userOf(url: string): Promise<string> {
    const db = new Database({ url, poolSize: 1 });
    try {
      const [row] = await db.query<{ user: string; mayStart: boolean }>(
        `select current_user as user, has_function_privilege('workflow.start_runs(jsonb)', 'execute') as may_start`,
      );
      return `${row!.user} ${row!.mayStart ? 'may' : 'may not'} start runs`;
    } finally {
      await db.close();
    }
  }

  it('connect, each as a member of its role', async () => {
    const logins = await ensureServiceLogins({ adminUrl: empty.url });
    expect(Object.keys(logins)).toEqual([...SERVICE_ROLES]);
    expect(await userOf(logins.router)).toBe('workflow_router_login may start runs');
    expect(await userOf(logins.executor)).toBe('workflow_executor_login may not start runs');
  });

  it('are the same for everybody who asks, also at the same moment', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => ensureServiceLogins({ adminUrl: empty.url })));
    expect(new Set(answers.map((logins) => JSON.stringify(logins))).size).toBe(1);
    await userOf(answers[0]!.monitor);
  });

  it('keep random passwords in a file that only its owner can read; a second start uses them', async () => {
    const secretsFile = join(folder, 'deep', 'secrets.json');
    const [first, second] = await Promise.all([1, 2].map(() => ensureServiceLogins({ adminUrl: empty.url, secretsFile })));
    expect(first).toEqual(second);
    expect(statSync(secretsFile).mode & 0o777).toBe(0o600);
    expect(readFileSync(secretsFile, 'utf8')).toContain(new URL(first!.router).password);
    expect(await ensureServiceLogins({ adminUrl: empty.url, secretsFile })).toEqual(first);
    await userOf(first!.scheduler);
  });

  it('get their password again where the server has another', async () => {
    const secretsFile = join(folder, 'again.json');
    const { router } = await ensureServiceLogins({ adminUrl: empty.url, secretsFile });
    await empty.sql(`alter role workflow_router_login password 'changed by somebody'`);
    await ensureServiceLogins({ adminUrl: empty.url, secretsFile });
    expect(await userOf(router)).toBe('workflow_router_login may start runs');
  });

  it('are for the database that is named', async () => {
    const { router } = await ensureServiceLogins({ adminUrl: empty.url, database: 'other' });
    expect(new URL(router).pathname).toBe('/other');
  });

  it('are refused where the passwords would be guessable, or the file is not ours', async () => {
    const open = new URL(empty.url);
    open.password = '';
    await expect(ensureServiceLogins({ adminUrl: open.href })).rejects.toMatchObject({ code: 'invalid_config', field: 'secretsFile' });
    const broken = join(folder, 'broken.json');
    writeFileSync(broken, '{"router": "x"}');
    await expect(ensureServiceLogins({ adminUrl: empty.url, secretsFile: broken })).rejects.toMatchObject({ code: 'invalid_config' });
  });
});
