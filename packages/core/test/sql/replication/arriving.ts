// Rows as another region's stream brings them, into one database: what a clause of guarded apply does, seen alone.
import { createTestDatabase, json, type Session, type TestDatabase } from '@singularity-workflow/testkit';
import { APPLY_SQL } from './story.sql.js';

type Row = Record<string, unknown>;

const AT = '2026-01-01T00:00:00+00:00';
export const RUN = '00000000-0000-7000-8000-000000000001';
export const RIVAL = '00000000-0000-7000-8000-000000000002';
export const DEFINITION = '00000000-0000-4000-8000-00000000000d';
const WRITER = '00000000-0000-4000-8000-00000000000a';

const common = (epoch: number, revision: number): Row => ({ residency: 'global', home_epoch: epoch, revision, written_tick: 0 });

export const run = (epoch: number, revision = 1, more: Row = {}): Row => ({
  run_id: RUN,
  ...common(epoch, revision),
  tenant_id: 't',
  placement_group: 'global/0',
  workflow: 'w',
  definition_id: DEFINITION,
  status: 'started',
  priority: 1,
  durability: 'local',
  remaining_leaves: 1,
  total_steps: 1,
  labels: {},
  input: {},
  created_at: AT,
  started_at: AT,
  ...more,
});

export const keyed = (epoch: number, runId: string, revision = 1): Row =>
  run(epoch, revision, { run_id: runId, idempotency_key: 'k', request_hash: String.raw`\x01` });

export const step = (epoch: number, revision = 1, more: Row = {}): Row => ({
  run_id: RUN,
  step_slug: 'a',
  ...common(epoch, revision),
  status: 'created',
  remaining_deps: 1,
  output_bytes: 0,
  created_at: AT,
  ...more,
});

export const task = (epoch: number, revision = 1, more: Row = {}): Row => ({
  run_id: RUN,
  step_slug: 'a',
  task_index: 0,
  ...common(epoch, revision),
  status: 'queued',
  attempt: 0,
  failures: 0,
  available_at: AT,
  created_at: AT,
  ...more,
});

export const attempt = (epoch: number, revision = 1, more: Row = {}): Row => ({
  run_id: RUN,
  step_slug: 'a',
  task_index: 0,
  attempt: 1,
  ...common(epoch, revision),
  reported: true,
  error: {},
  failed_at: AT,
  ...more,
});

export const deletion = (epoch: number, revision = 1, more: Row = {}): Row => ({
  run_id: RUN,
  ...common(epoch, revision),
  deleted_at: AT,
  tenant_id: 't',
  placement_group: 'global/0',
  workflow: 'w',
  idempotency_key: null,
  run_epoch: epoch,
  ...more,
});

export const schedule = (epoch: number, revision = 1, more: Row = {}): Row => ({
  tenant_id: 't',
  name: 's',
  ...common(epoch, revision),
  placement_group: 'global/0',
  cron: '* * * * *',
  time_zone: 'UTC',
  workflow: 'w',
  input: {},
  labels: {},
  priority: 1,
  catch_up: 'one',
  catch_up_max: 100,
  jitter_ms: 0,
  paused: false,
  created_at: AT,
  updated_at: AT,
  ...more,
});

export const definition = (content: Row, more: Row = {}): Row => ({
  definition_id: DEFINITION,
  writer: WRITER,
  ...common(1, 1),
  slug: 'w',
  definition: content,
  created_at: AT,
  ...more,
});

export const ledger = (revision: number, through: number): Row => ({
  writer: WRITER,
  residency: 'global',
  replicated_through: through,
  revision,
  written_at: AT,
});

export const request = (more: Row = {}): Row => ({
  request_id: RUN,
  residency: 'global',
  writer: WRITER,
  written_tick: 0,
  tenant_id: 't',
  placement_group: 'global/0',
  request: {},
  requested_at: AT,
  ...more,
});

export const outcome = (epoch: number, revision: number, what: string): Row => ({
  request_id: RUN,
  ...common(epoch, revision),
  outcome: what,
  decided_at: AT,
});

export const marker = (epoch: number, revision = 1): Row => ({
  placement_group: 'global/0',
  ...common(epoch, revision),
  region: 'eu',
  member_id: WRITER,
  adopted_at: AT,
});

export interface Conflict {
  table_name: string;
  kind: string;
  incoming_epoch: number | null;
  stored_epoch: number | null;
}

/** One database with guards, and sessions that apply to it. */
export class Arriving {
  private constructor(
    readonly db: TestDatabase,
    private replica: Session,
  ) {}

  static async make(): Promise<Arriving> {
    const db = await createTestDatabase();
    await db.sql('create schema story');
    await db.sql(APPLY_SQL);
    return new Arriving(db, await db.session());
  }

  async reset(): Promise<void> {
    await this.db.reset();
    await this.db.sql('select workflow.arm_guards()');
    this.replica = await this.applier();
  }

  /** Another link's worker. */
  async applier(): Promise<Session> {
    const session = await this.db.session();
    await session.sql('set session_replication_role = replica');
    return session;
  }

  insert = (tab: string, ...entries: Row[]): Promise<void> => this.insertBy(this.replica, tab, ...entries);
  update = (tab: string, entry: Row): Promise<void> => this.apply(this.replica, [{ tab, op: 'update', entry }]);

  insertBy(session: Session, tab: string, ...entries: Row[]): Promise<void> {
    return this.apply(
      session,
      entries.map((entry) => ({ tab, op: 'insert', entry })),
    );
  }

  /** Chosen columns of all rows of a table, in the order of their keys. */
  rows<T extends object = Row>(tab: string, columns: string): Promise<T[]> {
    return this.db.sql<T>(`select ${columns} from workflow.${tab} order by 1, 2`);
  }

  conflicts(): Promise<Conflict[]> {
    return this.db.sql<Conflict>(
      'select table_name, kind, incoming_epoch, stored_epoch from workflow.replication_conflicts order by conflict_id',
    );
  }

  /** What the applier has counted stands in the statistics. */
  async flushStatistics(): Promise<void> {
    await this.replica.sql('select pg_stat_force_next_flush()');
  }

  private async apply(session: Session, entries: { tab: string; op: string; entry: Row }[]): Promise<void> {
    await session.sql('select story.apply($1)', [json(entries)]);
  }
}
