import { migrate } from '../../src/migrate/index.js';
import { createEmptyDatabase, type EmptyDatabase } from '../support/empty-database.js';
import { SqlTreeCopy } from '../support/sql-tree.js';

const LAWS = 'functions/operations/enact_laws.sql';

describe('the laws of rows', () => {
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

  const lawsOf = async (table: string) =>
    new Map(
      (
        await empty.sql<{ name: string; law: string }>(
          `select t.tgname as name, pg_get_triggerdef(t.oid) as law from pg_trigger t
            where t.tgrelid = ('workflow.' || $1::text)::regclass and t.tgfoid = 'workflow.break_law'::regproc`,
          [table],
        )
      ).map(({ name, law }) => [name, law]),
    );

  it('take the place of the checks of a database from before', async () => {
    const before = new SqlTreeCopy();
    for (const path of ['schema/0015_laws.sql', LAWS, 'triggers/break_law.sql']) before.delete(path);
    await migrate({ adminUrl: empty.url, sqlFolder: before.url });
    before.remove();
    await migrate({ adminUrl: empty.url, sqlFolder: next.url });
    expect((await lawsOf('step_tasks')).size).toBe(8);
    expect(await empty.sql(`select conname from pg_constraint where conrelid = 'workflow.step_tasks'::regclass and contype = 'c'`)).toEqual(
      [],
    );
  });

  it('are changed and repealed by the next release, and put anew by none that does not change them', async () => {
    await migrate({ adminUrl: empty.url });
    const oids = () => empty.sql(`select oid, tgname from pg_trigger where tgfoid = 'workflow.break_law'::regproc order by tgname, oid`);
    const former = await oids();
    next.edit('functions/operations/clock.sql', (text) => `${text}-- another release\n`);
    await migrate({ adminUrl: empty.url, sqlFolder: next.url });
    expect(await oids()).toEqual(former);

    next.edit(LAWS, (text) =>
      text.replace('new.priority between 0 and 2', 'new.priority between 0 and 3').replace(/^.*'index_in_range'.*\n/m, ''),
    );
    await migrate({ adminUrl: empty.url, sqlFolder: next.url });
    expect((await lawsOf('workflow_runs')).get('priority_known')).toContain('<= 3');
    expect([...(await lawsOf('step_tasks')).keys()]).not.toContain('index_in_range');
  });
});
