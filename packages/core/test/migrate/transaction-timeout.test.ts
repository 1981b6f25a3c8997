import { ensureServiceLogins, ensureTransactionTimeout, migrate } from '../../src/migrate/index.js';
import { Database } from '../../src/store/index.js';
import { createEmptyDatabase, type EmptyDatabase } from '../support/empty-database.js';

describe('the transaction timeout of the logins', () => {
  let empty: EmptyDatabase;

  beforeAll(async () => {
    empty = await createEmptyDatabase();
    await migrate({ adminUrl: empty.url });
  });
  afterAll(() => empty.drop());

  async function timeoutOf(url: string): Promise<string> {
    const db = new Database({ url, poolSize: 1 });
    try {
      return (await db.query<{ timeout: string }>(`select current_setting('transaction_timeout') as timeout`))[0]!.timeout;
    } finally {
      await db.close();
    }
  }

  it('ends transactions half a second before the lease, and is as the last call said', async () => {
    const { router, executor } = await ensureServiceLogins({ adminUrl: empty.url });
    expect(await timeoutOf(executor)).toBe('0');
    const logins = await ensureTransactionTimeout({ adminUrl: empty.url, leaseMs: 5_000 });
    expect(logins).toEqual(
      expect.arrayContaining(['workflow_executor_login', 'workflow_monitor_login', 'workflow_router_login', 'workflow_scheduler_login']),
    );
    expect([await timeoutOf(router), await timeoutOf(executor)]).toEqual(['4500ms', '4500ms']);
    await ensureTransactionTimeout({ adminUrl: empty.url, leaseMs: 10_500 });
    expect(await timeoutOf(executor)).toBe('10s');
  });

  it('is of this database only: another one on the server may belong to no mesh', async () => {
    const other = await createEmptyDatabase();
    try {
      await migrate({ adminUrl: other.url });
      await ensureTransactionTimeout({ adminUrl: empty.url, leaseMs: 5_000 });
      expect(await timeoutOf((await ensureServiceLogins({ adminUrl: other.url })).executor)).toBe('0');
    } finally {
      await other.drop();
    }
  });

  it('is refused for a lease that is no lease', async () => {
    await expect(ensureTransactionTimeout({ adminUrl: empty.url, leaseMs: 900 })).rejects.toMatchObject({ code: 'invalid_config' });
  });
});
