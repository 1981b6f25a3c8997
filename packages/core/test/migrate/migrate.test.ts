import { isNewer } from '../../src/migrate/migrate.js';
import { migrate } from '../../src/migrate/index.js';
import { Database, schemaState, schemaVersions } from '../../src/store/index.js';
import { createEmptyDatabase, type EmptyDatabase } from '../support/empty-database.js';
import { SqlTreeCopy } from '../support/sql-tree.js';

const PROBE = 'functions/operations/probe_of_tests.sql';
const probe = (columns: string, values: string, args = ''): string => `-- For tests.
create or replace function workflow.probe_of_tests(${args})
  returns table (${columns})
  language sql
  set search_path = ''
as $$ select ${values} $$;
`;

describe('a migration', () => {
  let empty: EmptyDatabase;
  let next: SqlTreeCopy;

  beforeEach(async () => {
    empty = await createEmptyDatabase();
    next = new SqlTreeCopy();
  });

  afterEach(async () => {
    next.remove();
    await empty.drop();
  });

  const failureOf = (call: Promise<unknown>): Promise<unknown> =>
    call.then(
      () => 'no failure',
      (error: unknown) => error,
    );

  async function stateOf(): Promise<string> {
    const db = new Database({ url: empty.url, poolSize: 1 });
    const state = await schemaState(db);
    await db.close();
    return state;
  }

  it('brings an empty database all the way, and finds nothing to do the second time', async () => {
    expect(await stateOf()).toBe('missing');
    const { applied } = await migrate({ adminUrl: empty.url });
    expect(applied).toEqual(
      expect.arrayContaining([
        'pgmq (extension)',
        'schema/0001_installation.sql',
        'functions/runs/start_runs.sql',
        'views/queue_depths.sql',
        'grants.sql',
      ]),
    );
    expect(await stateOf()).toBe('current');
    expect(await migrate({ adminUrl: empty.url })).toEqual({ applied: [] });
    expect(await empty.sql('select queue_name from pgmq.meta order by 1')).toEqual(
      ['default_p0', 'default_p1', 'default_p2', 'health_probe'].map((queue_name) => ({ queue_name })),
    );
  });

  it('gives everything to workflow_owner, and lets no service write a table', async () => {
    await migrate({ adminUrl: empty.url });
    const owners = await empty.sql(
      `select distinct r.rolname as owner from pg_proc p join pg_roles r on r.oid = p.proowner where p.pronamespace = 'workflow'::regnamespace
       union select r.rolname from pg_class c join pg_roles r on r.oid = c.relowner where c.relnamespace = 'workflow'::regnamespace
       union select r.rolname from pg_namespace n join pg_roles r on r.oid = n.nspowner where n.nspname = 'workflow'`,
    );
    expect(owners).toEqual([{ owner: 'workflow_owner' }]);
    const writers = await empty.sql(
      `select c.relname, r.rolname from pg_class c cross join pg_roles r
        where c.relnamespace = 'workflow'::regnamespace and c.relkind = 'r' and r.rolname in ('workflow_router', 'workflow_scheduler', 'workflow_executor', 'workflow_monitor')
          and (has_table_privilege(r.oid, c.oid, 'insert') or has_table_privilege(r.oid, c.oid, 'update') or has_table_privilege(r.oid, c.oid, 'delete'))`,
    );
    expect(writers).toEqual([]);
  });

  it('may be started by four services at once: one migrates, the others find it done', async () => {
    const answers = await Promise.all([1, 2, 3, 4].map(() => migrate({ adminUrl: empty.url })));
    expect(answers.map(({ applied }) => applied.length > 0).filter(Boolean)).toHaveLength(1);
    expect(await stateOf()).toBe('current');
  });

  it('may run in two databases of a server at once, though roles belong to both', async () => {
    const other = await createEmptyDatabase();
    try {
      await Promise.all([migrate({ adminUrl: empty.url }), migrate({ adminUrl: other.url })]);
      expect(await stateOf()).toBe('current');
    } finally {
      await other.drop();
    }
  });

  it('installs the same pgmq as an ordinary schema where the server has no such extension', async () => {
    const { applied } = await migrate({ adminUrl: empty.url, pgmq: 'schema' });
    expect(applied[0]).toMatch(/^pgmq \d+\.\d+\.\d+ \(schema\)$/);
    expect(await empty.sql(`select 1 from pg_extension where extname = 'pgmq'`)).toEqual([]);
    expect(await empty.sql(`select length(pgmq.send('health_probe', '{}')::text) > 0 as sent`)).toEqual([{ sent: true }]);
    expect(await migrate({ adminUrl: empty.url })).toEqual({ applied: [] });
  });

  it('refuses a database that a newer release has migrated, and changes nothing', async () => {
    next.write('schema/0999_later.sql', 'create table workflow.later ();');
    expect(await failureOf(migrate({ adminUrl: empty.url, sqlFolder: next.url }))).toMatchObject({
      message: expect.stringContaining('should be number'),
    });
    next.delete('schema/0999_later.sql');
    const { need } = await versionsOf(empty);
    next.write(`schema/${String(need + 1).padStart(4, '0')}_later.sql`, 'create table workflow.later ();');
    await migrate({ adminUrl: empty.url, sqlFolder: next.url });
    expect(await failureOf(migrate({ adminUrl: empty.url }))).toMatchObject({ code: 'schema_too_new', facts: { have: need + 1, need } });
    expect(await stateOf()).toBe('too_new');
  });

  it('refuses a release that is older than the last one, though the schema is the same', async () => {
    await migrate({ adminUrl: empty.url });
    await empty.sql(`update workflow.schema_release set release = '999.0.0'`);
    expect(await failureOf(migrate({ adminUrl: empty.url }))).toMatchObject({ code: 'schema_too_new', facts: { release: '999.0.0' } });
  });

  it.each([
    ['edited', (tree: SqlTreeCopy) => tree.edit('schema/0002_definitions.sql', (text) => `${text}\n-- a word more\n`)],
    ['renumbered away', (tree: SqlTreeCopy) => tree.edit('schema/0001_installation.sql', () => 'create schema if not exists workflow;')],
  ])('refuses a schema file that was %s after it had been applied, by name', async (_, change) => {
    await migrate({ adminUrl: empty.url });
    change(next);
    expect(await failureOf(migrate({ adminUrl: empty.url, sqlFolder: next.url }))).toMatchObject({
      code: 'schema_edited',
      message: expect.stringMatching(/^sql\/schema\/000[12]_\w+\.sql was applied/),
    });
  });

  it('applies a function again when its text changed, and nothing else', async () => {
    await migrate({ adminUrl: empty.url });
    next.edit('functions/operations/clock.sql', (text) => text.replace('-- The one clock', '-- The only clock'));
    const { applied } = await migrate({ adminUrl: empty.url, sqlFolder: next.url });
    expect(applied).toEqual(['functions/operations/clock.sql', 'grants.sql']);
  });

  it('replaces a function whose columns or arguments changed: one of the name is left, with what views need of it', async () => {
    next.write(PROBE, probe('a int', '1'));
    next.write('views/view_of_tests.sql', 'create or replace view workflow.view_of_tests as select * from workflow.probe_of_tests();');
    await migrate({ adminUrl: empty.url, sqlFolder: next.url });
    next.write(PROBE, probe('a int, b int', '1, 2'));
    const { applied } = await migrate({ adminUrl: empty.url, sqlFolder: next.url });
    expect(applied).toEqual([PROBE, 'grants.sql']);
    expect(await empty.sql('select * from workflow.view_of_tests')).toEqual([{ a: 1, b: 2 }]);
    next.write(PROBE, probe('a int, b int', '1, p_b', 'p_b int default 3'));
    await migrate({ adminUrl: empty.url, sqlFolder: next.url });
    expect(await empty.sql('select * from workflow.view_of_tests')).toEqual([{ a: 1, b: 3 }]);
    expect(await empty.sql(`select count(*)::int as functions from pg_proc where proname = 'probe_of_tests'`)).toEqual([{ functions: 1 }]);
  });

  it('drops functions and views whose files are gone', async () => {
    next.write(PROBE, probe('a int', '1'));
    next.write('views/view_of_tests.sql', 'create or replace view workflow.view_of_tests as select * from workflow.probe_of_tests();');
    await migrate({ adminUrl: empty.url, sqlFolder: next.url });
    next.delete(PROBE);
    next.delete('views/view_of_tests.sql');
    const { applied } = await migrate({ adminUrl: empty.url, sqlFolder: next.url });
    expect(applied).toEqual([`${PROBE} (dropped)`, 'views/view_of_tests.sql (dropped)', 'grants.sql']);
    expect(
      await empty.sql(
        `select 1 from pg_proc where proname = 'probe_of_tests' union select 1 from pg_class where relname = 'view_of_tests'`,
      ),
    ).toEqual([]);
    expect(await empty.sql(`select 1 as there from pg_class where relname = 'queue_depths'`)).toEqual([{ there: 1 }]);
  });

  it('is done whole or not at all, and names the file that failed', async () => {
    next.write(
      PROBE,
      probe('a int', '1').replace('select 1', 'selec 1').replace('language sql', 'language plpgsql').replace('returns', 'retuns'),
    );
    expect(await failureOf(migrate({ adminUrl: empty.url, sqlFolder: next.url }))).toMatchObject({
      message: expect.stringContaining(`sql/${PROBE}: `),
    });
    expect(await stateOf()).toBe('missing');
    expect(await empty.sql(`select 1 from pg_extension where extname = 'pgmq'`)).toEqual([]);
  });

  it('works for an administrator who is no superuser', async () => {
    const admin = `workflow_admin_${empty.name}`;
    await empty.sql(
      `create role ${admin} login createrole password 'secret'; grant workflow_owner to ${admin} with admin option; grant create on database ${empty.name} to ${admin}`,
    );
    const url = new URL(empty.url);
    url.username = admin;
    url.password = 'secret';
    try {
      await migrate({ adminUrl: url.href, pgmq: 'schema' });
      expect(await migrate({ adminUrl: url.href })).toEqual({ applied: [] });
      expect(await stateOf()).toBe('current');
    } finally {
      await empty.sql(`drop owned by ${admin} cascade; drop role ${admin}`);
    }
  });

  it('says database_unavailable where there is none', async () => {
    expect(await failureOf(migrate({ adminUrl: 'postgres://a:b@127.0.0.1:1/x' }))).toMatchObject({ code: 'database_unavailable' });
  });
});

async function versionsOf(empty: EmptyDatabase): Promise<{ need: number }> {
  const db = new Database({ url: empty.url, poolSize: 1 });
  const versions = await schemaVersions(db);
  await db.close();
  return versions;
}

describe('a release', () => {
  it.each([
    ['1.0.1', '1.0.0', true],
    ['1.10.0', '1.9.9', true],
    ['1.0.0', '1.0.0', false],
    ['1.0.0-rc.1', '1.0.0', false],
    ['0.9.0', '1.0.0', false],
  ])('%s is newer than %s: %s', (release, than, newer) => {
    expect(isNewer(release, than)).toBe(newer);
  });
});
