// Rows as a region writes them, straight into the tables: what links carry, without the engine above them. Each is written under tenure 1, and every
// write of a row raises its revision.
import { setTimeout as pause } from 'node:timers/promises';
import type { TestDatabase } from '@singularity-workflow/testkit';

const INSERT = `
  with run as (
    insert into workflow.workflow_runs (run_id, residency, home_epoch, written_tick, tenant_id, placement_group, workflow, definition_id, status,
                                        remaining_leaves, total_steps, input, created_at, started_at)
    select uuidv7(), $2, 1, 0, $1, 'global/0', 'w', gen_random_uuid(), 'started', 1, 1, '{}', clock_timestamp(), clock_timestamp()
      from generate_series(1, $3)
    returning run_id, residency
  ), step as (
    insert into workflow.step_states (run_id, residency, step_slug, home_epoch, written_tick, status, remaining_deps, created_at)
    select run_id, residency, 'a', 1, 0, 'created', 0, clock_timestamp() from run
  ), task as (
    insert into workflow.step_tasks (run_id, residency, step_slug, task_index, home_epoch, written_tick, status, available_at, created_at)
    select run_id, residency, 'a', 0, 1, 0, 'queued', clock_timestamp(), clock_timestamp() from run
  )
  select run_id as "runId" from run`;

const UPDATE = `
  with run as (
    update workflow.workflow_runs r set revision = r.revision + 1, labels = jsonb_build_object('n', r.revision) where r.run_id = any ($1) returning r.run_id
  )
  update workflow.step_tasks t set revision = t.revision + 1, available_at = clock_timestamp() from run where t.run_id = run.run_id`;

/** Less than links can carry on a slow machine, or they never catch up. */
const PACE_MS = 50;

const TABLES = ['workflow_runs', 'step_states', 'step_tasks'];

export async function writeRuns(
  db: TestDatabase,
  { tenant, runs = 1, residency = 'global' }: { tenant: string; runs?: number; residency?: string },
) {
  return (await db.sql<{ runId: string }>(INSERT, [tenant, residency, runs])).map(({ runId }) => runId);
}

export async function rewriteRuns(db: TestDatabase, runIds: readonly string[]): Promise<void> {
  await db.sql(UPDATE, [runIds]);
}

/** The same in two databases iff their runs, steps and tasks are. */
export async function digestOf(db: TestDatabase): Promise<string> {
  const digests = TABLES.map(
    (table) => `(select coalesce(md5(string_agg(md5(t::text), '' order by md5(t::text))), '') from workflow.${table} t)`,
  );
  const [row] = await db.sql<{ digest: string }>(`select ${digests.join(" || ' ' || ")} as digest`);
  return row!.digest;
}

export async function countRuns(db: TestDatabase): Promise<number> {
  const [row] = await db.sql<{ runs: number }>('select count(*) as runs from workflow.workflow_runs');
  return row!.runs;
}

/** Writes runs, and writes them again, until it is stopped. */
export class Traffic {
  private stopping = false;
  private readonly work: Promise<void>;
  written = 0;

  constructor(
    private readonly db: TestDatabase,
    private readonly tenant: string,
  ) {
    this.work = this.run();
    this.work.catch(() => undefined); // told by stop()
  }

  /** Resolves when nothing is written any more; throws what a write threw. */
  async stop(): Promise<number> {
    this.stopping = true;
    await this.work;
    return this.written;
  }

  private async run(): Promise<void> {
    while (!this.stopping) {
      const runIds = await writeRuns(this.db, { tenant: this.tenant, runs: 3 });
      this.written += runIds.length;
      await rewriteRuns(this.db, runIds);
      await pause(PACE_MS);
    }
  }
}
