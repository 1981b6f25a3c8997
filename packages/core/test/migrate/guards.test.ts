import { migrate } from '../../src/migrate/index.js';
import { createEmptyDatabase, type EmptyDatabase } from '../support/empty-database.js';
import { SqlTreeCopy } from '../support/sql-tree.js';

describe('the guards of a database with links', () => {
  let empty: EmptyDatabase;
  let next: SqlTreeCopy;
  beforeEach(async () => {
    empty = await createEmptyDatabase();
    next = new SqlTreeCopy();
    await migrate({ adminUrl: empty.url });
  });
  afterEach(async () => {
    next.remove();
    await empty.drop();
  });

  const triggersOf = (table: string) =>
    empty.sql<{ tgname: string; definition: string; tgenabled: string }>(
      `select t.tgname, pg_get_triggerdef(t.oid) as definition, t.tgenabled from pg_trigger t
        where t.tgrelid = ('workflow.' || $1::text)::regclass and not t.tgisinternal order by 1`,
      [table],
    );
  const guardsOf = async (table: string) => (await triggersOf(table)).filter(({ tgenabled }) => tgenabled === 'R');

  it('are put when the first link is made, not by the migration: one region alone has none', async () => {
    expect(await guardsOf('workflow_runs')).toEqual([]);
    await migrate({ adminUrl: empty.url, sqlFolder: next.url });
    expect(await guardsOf('workflow_runs')).toEqual([]);
  });

  it('are brought up to date by the next release', async () => {
    await empty.sql('select workflow.arm_guards()');
    next.edit('functions/replication/arm_guards.sql', (text) =>
      text.replace("'guard_task',     '', 'tenure'", "'guard_task',     '', 'revision'"),
    );
    await migrate({ adminUrl: empty.url, sqlFolder: next.url });
    const [, update] = await guardsOf('step_tasks');
    expect(update).toMatchObject({ tgname: 'guard_update', tgenabled: 'R', definition: expect.not.stringContaining('home_epoch') });
  });

  it('go with their function when its file is gone', async () => {
    await empty.sql('select workflow.arm_guards()');
    next.delete('triggers/guard_attempt.sql');
    next.edit('functions/replication/arm_guards.sql', (text) => text.replace(/^.*'guard_attempt'.*\n/m, ''));
    await migrate({ adminUrl: empty.url, sqlFolder: next.url });
    expect((await triggersOf('step_attempts')).map(({ tgname }) => tgname)).toEqual(['guard_update']);
    expect(await empty.sql(`select from pg_proc where proname = 'guard_attempt'`)).toEqual([]);
  });
});
