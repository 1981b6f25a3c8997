// Reads about workers: who is alive by the database's clock, what they can run.
import type { Database } from './database.js';

export type WorkerState = 'active' | 'deprecated' | 'silent' | 'stopped';

/** A row of the view worker_states. */
export interface WorkerRow {
  workerId: string;
  app: string;
  region: string;
  role: string | null;
  orchestratorGroup: string | null;
  host: string;
  pid: number;
  version: string;
  address: string | null;
  queues: string[];
  runnableSteps: [workflow: string, step: string][];
  capacity: number;
  running: number;
  heartbeatTimeoutMs: number;
  visibilityTimeoutMs: number;
  leaderToken: number | null;
  startedAt: Date;
  lastHeartbeatAt: Date;
  deprecatedAt: Date | null;
  stoppedAt: Date | null;
  expiredAt: Date | null;
  tasksRequeuedAt: Date | null;
  state: WorkerState;
  /** Where the next page begins: opaque. */
  key: string;
}

const KEY = `(extract(epoch from w.started_at) * 1000000)::bigint || ':' || w.worker_id`;

/**
 * worker_states, as it was at a time: who reads from a replica judges by the time of which the replica is. Both functions run with the reader's rights:
 * worker_state, and worker_is_gone in it.
 */
const STATES = `(select w.*, workflow.worker_state(w, coalesce($1::timestamptz, workflow.clock())) as state from workflow.workflow_workers w) w`;

const LIST = `
  select w.*, ${KEY} as key
    from ${STATES}
   where ($2::text is null or ((extract(epoch from w.started_at) * 1000000)::bigint, w.worker_id)
                              < (split_part($2, ':', 1)::bigint, split_part($2, ':', 2)::uuid))
     and ($3::text is null or w.state = $3)
     and ($4::text is null or w.app = $4)
   order by w.started_at desc, w.worker_id desc
   limit $5::int`;

const GET = `select w.*, ${KEY} as key from ${STATES} where w.worker_id = $2::uuid`;
const COUNT = `select w.app, w.state, count(*) as workers from workflow.worker_states w group by w.app, w.state`;

export class WorkerReader {
  constructor(private readonly db: Database) {}

  /**
   * Newest first; `after` is the `key` of the last row of the page before. States are those of `at`, by default of now. Throws `invalid_request` for a
   * key that is none.
   */
  list(page: {
    after?: string | undefined;
    limit: number;
    state?: WorkerState | undefined;
    app?: string | undefined;
    at?: Date | undefined;
  }): Promise<WorkerRow[]> {
    return this.db.query(LIST, [page.at, page.after, page.state, page.app, page.limit]);
  }

  async get(workerId: string, at?: Date): Promise<WorkerRow | null> {
    const [row] = await this.db.query<WorkerRow>(GET, [at, workerId]);
    return row ?? null;
  }

  /** For gauges: only combinations that exist. */
  countByState(): Promise<{ app: string; state: WorkerState; workers: number }[]> {
    return this.db.query(COUNT);
  }
}
