// Takes something that holds up a law out of a database that runs.
import type { TestDatabase } from '@singularity-workflow/testkit';

/** Replaces a text in a function; fails where the text is gone, for then the mutation would be none. `signature`: with the types. */
export async function weaken(db: TestDatabase, signature: string, text: string, becomes: string): Promise<void> {
  const [{ source }] = (await db.sql(`select pg_get_functiondef('workflow.${signature}'::regprocedure) as source`)) as [{ source: string }];
  if (!source.includes(text)) throw new Error(`${signature} has no "${text}" any more: choose another mutation`);
  await db.sql(source.replaceAll(text, becomes));
}

export const RECORD_OUTPUTS = 'record_outputs(uuid, workflow.held_report[], timestamptz)';
export const FENCE = 'and t.attempt = p.attempt and t.worker_id = p_worker';
/** What must go for a task to be completed twice: the fence, and the laws of rows (lawful_steps) that hold it up. */
export const WHOLE_FENCE = `and t.status = 'started' ${FENCE}`;
export const REPEAL_LAWS = `
  create or replace function workflow.break_law(p_table text, p_law text, p_row jsonb) returns boolean language sql as $$ select true $$`;
