import { useTestDatabase } from '@singularity-workflow/testkit';

const db = useTestDatabase();

describe('clock', () => {
  it('is the only one that the functions read, but to measure how long they take: no other tells the time in their text', async () => {
    const others = await db.sql<{ name: string }>(`
      select p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where n.nspname = 'workflow' and p.prosrc ~* '\\m(now|clock_timestamp|statement_timestamp|transaction_timestamp|localtimestamp|current_timestamp)\\M\\s*\\('
         and p.proname not in ('clock', 'new_run_id', 'compile_queue', 'note_read_time')`);
    expect(others).toEqual([]);
  });

  it('is read into a variable, never inside a condition, where it would cost the index', async () => {
    const inConditions = await db.sql<{ name: string }>(`
      select p.proname as name from pg_proc p join pg_namespace n on n.oid = p.pronamespace
       where n.nspname = 'workflow' and p.prosrc ~* '((<|>)=?\\s*|\\m(where|and|or|on)\\s+[\\w.]+\\s*=\\s*)workflow\\.clock\\(\\)'`);
    expect(inConditions).toEqual([]);
  });
});
