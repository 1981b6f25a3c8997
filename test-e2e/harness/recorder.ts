// Makes the database of a region keep its history, and reads it. Triggers write what happens to runs, steps and tasks in the transaction in which it
// happens; they see what was stored, whoever stored it. Limit: about a third of the throughput; the rate is not what scenarios measure.
import type { TestDatabase } from '@singularity-workflow/testkit';
import type { Acknowledged, Change, Crash, Dependency, History, PartRow, RunRow } from '../checker/history.js';
import type { AttemptNote } from './attempts.js';

const COLUMNS = {
  runs: `'run', c.run_id, null, null, c.status, null, null, null`,
  steps: `'step', c.run_id, c.step_slug, null, c.status, null, null, null`,
  tasks: `'task', c.run_id, c.step_slug, c.task_index, c.status, c.attempt, c.worker_id, c.output`,
};
const TABLES = { runs: 'workflow_runs', steps: 'step_states', tasks: 'step_tasks' } as const;

const trigger = (what: keyof typeof TABLES): string => `
  create function recorder.note_${what}() returns trigger language plpgsql security definer set search_path = '' as $$
  begin
    insert into recorder.changes (subject, run_id, step_slug, task_index, status, attempt, worker_id, output)
      select ${COLUMNS[what]} from changed c;
    return null;
  end $$;
  create trigger recorder_inserts after insert on workflow.${TABLES[what]} referencing new table as changed
    for each statement execute function recorder.note_${what}();
  create trigger recorder_updates after update on workflow.${TABLES[what]} referencing new table as changed
    for each statement execute function recorder.note_${what}();`;

const RECORDER = `
  create schema recorder;
  create table recorder.changes (
    seq bigint generated always as identity primary key,
    subject text not null, run_id uuid not null, step_slug text, task_index int, status text not null, attempt int, worker_id uuid, output jsonb
  );
  ${(['runs', 'steps', 'tasks'] as const).map(trigger).join('\n')}`;

export async function installRecorder(db: TestDatabase): Promise<void> {
  await db.sql(RECORDER);
}

/** Answers the last run so far: what happens to it and those before is recorded no more. All must have ended. */
export async function beginAnew(db: TestDatabase): Promise<string | null> {
  await db.sql('truncate recorder.changes');
  const [last] = await db.sql<{ id: string }>('select run_id as id from workflow.workflow_runs order by run_id desc limit 1');
  return last?.id ?? null;
}

interface Told {
  readonly acknowledged: readonly Acknowledged[];
  readonly attempts: readonly AttemptNote[];
  readonly crashes?: readonly Crash[];
  /** Runs up to this one are left out (see beginAnew). */
  readonly after?: string | null;
}

/** The history of a region, with what its clients were told and its handlers noted. */
export async function readHistory(db: TestDatabase, { after = null, ...told }: Told): Promise<History> {
  const isMeant = '($1::uuid is null or run_id > $1)';
  const [changes, dependencies, runs, parts, messages] = await Promise.all([
    db.sql<Change>(
      `select seq, subject, run_id as "runId", step_slug as "stepSlug", task_index as "taskIndex", status, attempt, worker_id as "workerId", output
         from recorder.changes order by seq`,
    ),
    db.sql<Dependency>(
      `select v.slug as workflow, d.step_slug as "stepSlug", d.depends_on as "dependsOn"
         from workflow.workflow_step_dependencies d join workflow.workflow_versions v using (definition_id)`,
    ),
    db.sql<RunRow>(
      `select run_id as "runId", workflow, idempotency_key as key, status, output from workflow.workflow_runs where ${isMeant}`,
      [after],
    ),
    db.sql<PartRow>(
      `select run_id as "runId", step_slug as "stepSlug", null as "taskIndex", status from workflow.step_states where ${isMeant}
        union all select run_id, step_slug, task_index, status from workflow.step_tasks where ${isMeant}`,
      [after],
    ),
    db.sql<{ messages: number }>('select count(*)::int as messages from testkit.messages()'),
  ]);
  return { crashes: [], ...told, changes, dependencies, runs, parts, messages: messages[0]!.messages };
}
