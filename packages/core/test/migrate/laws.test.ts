import { readFileSync } from 'node:fs';
import { migrate } from '../../src/migrate/index.js';
import { createEmptyDatabase, type EmptyDatabase } from '../support/empty-database.js';
import { SqlTreeCopy } from '../support/sql-tree.js';

const BREAK_LAW = 'functions/operations/break_law.sql';
const LAWFUL = ['lawful_runs', 'lawful_steps', 'lawful_tasks'];
const ENSURE_QUEUE_OF_BEFORE = readFileSync(new URL('fixtures/ensure_queue_before_0006.sql', import.meta.url), 'utf8');
const TRIGGER_OF_BEFORE = `
create or replace function workflow.break_law() returns trigger language plpgsql set search_path = ''
as $$ begin raise exception 'a law is broken'; end $$;
`;

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

  const triggers = () => empty.sql(`select tgname from pg_trigger where tgfoid in (select oid from pg_proc where proname = 'break_law')`);
  const definition = async (view: string) =>
    (await empty.sql<{ text: string }>(`select pg_get_viewdef(('workflow.' || $1::text)::regclass) as text`, [view]))[0]!.text;

  it('take the place of the checks of a database from before', async () => {
    const before = SqlTreeCopy.before('0015_laws.sql');
    before.write('functions/queue/ensure_queue.sql', ENSURE_QUEUE_OF_BEFORE);
    await migrate({ adminUrl: empty.url, sqlFolder: before.url });
    before.remove();
    await migrate({ adminUrl: empty.url, sqlFolder: next.url });
    expect(await empty.sql(`select conname from pg_constraint where conrelid = 'workflow.step_tasks'::regclass and contype = 'c'`)).toEqual(
      [],
    );
  });

  it('take the place of the triggers of a database from before', async () => {
    const before = new SqlTreeCopy();
    for (const path of [BREAK_LAW, ...LAWFUL.map((view) => `views/${view}.sql`)]) before.delete(path);
    before.write('triggers/break_law.sql', TRIGGER_OF_BEFORE);
    before.write('grants.sql', '-- None: nobody works here.\n'); // today's name the views
    await migrate({ adminUrl: empty.url, sqlFolder: before.url });
    before.remove();
    await empty.sql(`create trigger index_in_range after insert or update of task_index on workflow.step_tasks for each row
                       when (not (new.task_index >= 0)) execute function workflow.break_law()`);
    await migrate({ adminUrl: empty.url, sqlFolder: next.url });
    expect(await triggers()).toEqual([]);
    expect(await definition('lawful_tasks')).toContain('index_in_range');
  });

  it('are changed and repealed by the next release', async () => {
    await migrate({ adminUrl: empty.url });
    next.edit('views/lawful_runs.sql', (text) => text.replace('r.priority between 0 and 2', 'r.priority between 0 and 3'));
    next.edit('views/lawful_tasks.sql', (text) => text.replace(/^.*\n.*'index_in_range'.*\n/m, ''));
    await migrate({ adminUrl: empty.url, sqlFolder: next.url });
    expect(await definition('lawful_runs')).toContain('<= 3');
    expect(await definition('lawful_tasks')).not.toContain('index_in_range');
  });
});
