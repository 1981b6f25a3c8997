import { createServer } from 'node:net';
import type { AddressInfo } from 'node:net';
import { CrashableServer, useTestDatabase, waitFor } from '@singularity-workflow/testkit';
import { isUnavailable, silentLogger, WorkflowError } from '../../src/domain/index.js';
import { Database, type DatabaseOptions, jsonb } from '../../src/store/index.js';

const server = useTestDatabase();

describe('a database', () => {
  const open: Database[] = [];

  function databaseOf(options: Partial<DatabaseOptions> = {}): Database {
    const db = new Database({ url: server.url(), applicationName: 'under test', ...options });
    open.push(db);
    return db;
  }

  const failureOf = (call: Promise<unknown>): Promise<unknown> =>
    call.then(
      () => 'no failure',
      (error: unknown) => error,
    );

  afterEach(async () => {
    await Promise.all(open.splice(0).map((db) => db.close()));
  });

  it('answers with camelCase keys, bigint as number, timestamptz as Date, jsonb as it was', async () => {
    const [row] = await databaseOf().query(
      `select 9007199254740991::bigint as big_number, '2026-01-02T03:04:05.678Z'::timestamptz as at_last,
              '{"snake_key": [1, {"a_b": null}]}'::jsonb as some_json, array['a', 'b'] as some_texts, null as p99_ms`,
    );
    expect(row).toEqual({
      bigNumber: Number.MAX_SAFE_INTEGER,
      atLast: new Date('2026-01-02T03:04:05.678Z'),
      someJson: { snake_key: [1, { a_b: null }] },
      someTexts: ['a', 'b'],
      p99Ms: null,
    });
  });

  it('refuses to round a bigint', async () => {
    await expect(databaseOf().query(`select 9007199254740993::bigint as n`)).rejects.toThrow(
      '9007199254740993 does not fit a JavaScript number exactly',
    );
  });

  it('sends objects and arrays of objects as JSON, texts as they are, other arrays as arrays, undefined as null', async () => {
    const [row] = await databaseOf().query(
      'select $1::jsonb as object, $2::jsonb as objects, $3::jsonb as text, $4::text[] as texts, $5::jsonb as marked, $6::jsonb as empty, $7::text as nothing',
      [{ a: 1 }, [{ b: 2 }], '[{"c":3}]', ['x', 'y"z'], jsonb(['x']), jsonb([]), undefined],
    );
    expect(row).toEqual({
      object: { a: 1 },
      objects: [{ b: 2 }],
      text: [{ c: 3 }],
      texts: ['x', 'y"z'],
      marked: ['x'],
      empty: [],
      nothing: null,
    });
  });

  it.each([[true], [false]])('calls a function of the schema by position (prepared: %s)', async (prepare) => {
    const db = databaseOf({ prepare, poolSize: 1 });
    const [first] = await db.callSql<{ acquired: boolean; token: number; withoutMs: number | null }>('acquire_lease', [
      'x',
      crypto.randomUUID(),
      1_000,
    ]);
    expect(first).toMatchObject({ acquired: true, token: 1, withoutMs: null });
    const [{ name }] = (await db.query<{ name: string }>('select coalesce(max(name), $1) as name from pg_prepared_statements', [
      'none',
    ])) as [{ name: string }];
    expect(name).toBe(prepare ? 'workflow.acquire_lease/3' : 'none');
  });

  it('answers in arrays where the columns are known, and refuses an answer that has others', async () => {
    const db = databaseOf();
    const holder = crypto.randomUUID();
    const columns = ['acquired', 'token', 'holder', 'expires_at', 'former', 'without_ms'];
    const call = (names: string[]): Promise<unknown[][]> => db.callArrays('acquire_lease', ['arrays', holder, 1_000], names);
    expect(await call(columns)).toEqual([[true, 1, holder, expect.any(Date), null, null]]);
    expect(await failureOf(call(columns.toReversed()))).toMatchObject({ code: 'schema_too_old' });
    expect(await failureOf(call(columns.slice(1)))).toMatchObject({ code: 'schema_too_old' });
  });

  it('takes no name that is not one of a function', async () => {
    await expect(databaseOf().callSql('clock(); drop table x; --', [])).rejects.toThrow(TypeError);
  });

  it('turns an exception of ours into a WorkflowError with field and facts, and keeps the connection', async () => {
    const db = databaseOf({ poolSize: 1 });
    const [{ pid }] = (await db.query<{ pid: number }>('select pg_backend_pid() as pid')) as [{ pid: number }];
    const error = await failureOf(db.callSql('acquire_lease', ['x', crypto.randomUUID(), 5]));
    expect(error).toMatchObject({ code: 'invalid_request', field: 'ttl_ms' });
    expect(await db.query('select pg_backend_pid() as pid')).toEqual([{ pid }]);
  });

  it('names what the database lacks and what it cannot hold', async () => {
    const db = databaseOf();
    expect(await failureOf(db.callSql('no_such_function', [1]))).toMatchObject({ code: 'schema_too_old' });
    expect(await failureOf(db.query(`select $1::uuid`, ['not a uuid']))).toMatchObject({
      code: 'invalid_request',
      facts: { sqlstate: '22P02' },
    });
    expect(await failureOf(db.query(`select $1::jsonb`, [{ text: '\u0000' }]))).toMatchObject({
      code: 'invalid_request',
      facts: { sqlstate: '22P05' },
    });
  });

  it('leaves what is a bug as it is', async () => {
    const error = await failureOf(databaseOf().query('selec 1'));
    expect(error).not.toBeInstanceOf(WorkflowError);
    expect(error).toMatchObject({ code: '42601' });
  });

  it('fails the call whose backend is terminated with database_unavailable, and only that one', async () => {
    const db = databaseOf();
    const sleeping = failureOf(db.query(`select pg_sleep(60)`));
    const [{ pid }] = await waitFor(async () => {
      const rows = await server.sql<{ pid: number }>(
        `select pid from pg_stat_activity where application_name = 'under test' and wait_event = 'PgSleep'`,
      );
      return rows.length === 1 ? (rows as [{ pid: number }]) : null;
    });
    await server.sql('select pg_terminate_backend($1)', [pid]);
    const error = await sleeping;
    expect(error).toMatchObject({ code: 'database_unavailable', facts: { call: 'query' } });
    expect(db.isUnavailable(error)).toBe(true);
    expect(db.unavailableForMs).not.toBeNull();
    expect(await db.query('select 1 as one')).toEqual([{ one: 1 }]);
    expect(db.unavailableForMs).toBeNull();
  });

  it('survives that its idle connections are cut, and connects anew', async () => {
    const db = databaseOf();
    await Promise.all([1, 2, 3].map(() => db.query('select pg_sleep(0.01)')));
    await server.sql(`select pg_terminate_backend(pid) from pg_stat_activity where application_name = 'under test'`);
    await waitFor(() => db.connections.total === 0, { until: 'the pool noticed' });
    expect(await db.query('select 1 as one')).toEqual([{ one: 1 }]);
  });

  it('does not wait for a connection for ever', async () => {
    const db = databaseOf({ poolSize: 1, acquireTimeoutMs: 300 });
    await waitFor(() => db.query('select 1'), { until: 'it has connected, which the limit is for too' });
    const busy = db.query('select pg_sleep(2)');
    expect(await failureOf(db.query('select 1'))).toMatchObject({
      code: 'database_unavailable',
      message: expect.stringContaining('timeout exceeded'),
    });
    await busy;
  });

  it('does not wait for an answer for ever, and gives that connection up', async () => {
    const db = databaseOf({ poolSize: 1, queryTimeoutMs: 1_000 });
    expect(await failureOf(db.query('select pg_sleep(60)'))).toMatchObject({ code: 'database_unavailable' });
    const again = await waitFor(() => db.query('select 1 as one'), { until: 'it answers in time, on another connection' });
    expect(again).toEqual([{ one: 1 }]);
  });

  it('says unavailable where nobody listens, where the login is refused, and where it was closed', async () => {
    const free = await new Promise<number>((resolve) => {
      const probe = createServer().listen(0, '127.0.0.1', () => {
        const { port } = probe.address() as AddressInfo;
        probe.close(() => resolve(port));
      });
    });
    const refused = new URL(server.url());
    refused.password = 'wrong';
    expect(isUnavailable(await failureOf(databaseOf({ url: `postgres://a:b@127.0.0.1:${free}/x` }).query('select 1')))).toBe(true);
    expect(isUnavailable(await failureOf(databaseOf({ url: refused.href }).query('select 1')))).toBe(true);
    const closed = databaseOf();
    await closed.close();
    expect(isUnavailable(await failureOf(closed.query('select 1')))).toBe(true);
  });

  it('prepares anew when a function was replaced by one with other columns', async () => {
    const db = databaseOf({ poolSize: 1 });
    await server.sql(`create function workflow.changing() returns table (a int) language sql as 'select 1'`);
    try {
      expect(await db.callSql('changing', [])).toEqual([{ a: 1 }]);
      await server.sql(`drop function workflow.changing();
                        create function workflow.changing() returns table (b_c int, a text) language sql as $$ select 2, 'x' $$`);
      expect(await db.callSql('changing', [])).toEqual([{ bC: 2, a: 'x' }]);
      expect(await db.callSql('changing', [])).toEqual([{ bC: 2, a: 'x' }]);
    } finally {
      await server.sql('drop function workflow.changing()');
    }
  });

  it('goes on without prepared statements where its sessions are shared with others, and says so once', async () => {
    const warnings: string[] = [];
    const logger = { ...silentLogger, warn: (_: object, sentence: string) => void warnings.push(sentence) };
    const db = databaseOf({ poolSize: 1, logger });
    const lease = (): Promise<unknown> => db.callSql('acquire_lease', ['shared', crypto.randomUUID(), 1_000]);
    await lease();
    await db.query('deallocate all'); // as if the pooler had given us another session
    await lease();
    await lease();
    expect(warnings).toEqual([expect.stringContaining('DATABASE_PREPARE=off')]);
    expect(await db.query('select name from pg_prepared_statements')).toEqual([]);
  });

  it('takes a commit for unanswered whose wait for the standby was cancelled', async () => {
    // Only sessions that ask for it wait for a standby, which never comes.
    const lonely = await CrashableServer.start({ synchronous_standby_names: 'nobody', synchronous_commit: 'local' });
    const strict = new URL(lonely.url);
    strict.searchParams.set('options', '-c synchronous_commit=on');
    const db = databaseOf({ url: strict.href, poolSize: 1 });
    const admin = databaseOf({ url: lonely.url, applicationName: 'admin' });
    try {
      const answer = failureOf(db.query('create table committed_here ()'));
      const cancel = `select pg_cancel_backend(pid) as cancelled from pg_stat_activity where wait_event = 'SyncRep'`;
      await waitFor(async () => (await admin.query(cancel)).length === 1, { until: 'it waits for the standby' });
      expect(await answer).toMatchObject({ code: 'database_unavailable' });
      expect(await db.query(`select to_regclass('committed_here')::text as found`)).toEqual([{ found: 'committed_here' }]);
    } finally {
      await Promise.all([db.close(), admin.close()]);
      await lonely.close();
    }
  });
});
