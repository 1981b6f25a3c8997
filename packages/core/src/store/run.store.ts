// Calls of the SQL functions about runs. One method per function; what each does stands in its SQL file.
import type {
  CancelVerdict,
  DeleteVerdict,
  Durability,
  Json,
  Priority,
  RunStatus,
  StartOutcome,
  WorkflowErrorCode,
} from '../domain/index.js';
import type { Database } from './database.js';
import { type Batch, camelKeys, jsonbElements } from './wire.js';

export interface StartRunRequest {
  /** uuidv7; SQL makes one where it is missing. */
  runId?: string | undefined;
  tenantId: string;
  /** The slug. */
  workflow: string;
  /** Default: the active one. */
  version?: number | undefined;
  /** Default `{}`. */
  input?: Json | undefined;
  idempotencyKey?: string | undefined;
  /** RFC 3339; the run is `scheduled` until then. */
  runAt?: string | Date | undefined;
  deadline?: string | Date | undefined;
  priority?: Priority | undefined;
  labels?: Record<string, string> | undefined;
  durability?: Durability | undefined;
  parentRunId?: string | undefined;
}

export interface StartRunRow {
  /** 1-based, into the requests. */
  ordinal: number;
  outcome: StartOutcome;
  /** Of the run that was created, exists or conflicts; null when refused. */
  runId: string | null;
  status: RunStatus | null;
  /** code, message, field: of conflict, refused and not_home. */
  code: WorkflowErrorCode | null;
  message: string | null;
  field: string | null;
  /** Logical queues that got work by the call: whom to wake. In the first row only, null elsewhere. */
  queues: string[] | null;
  /** Of the run that was created, or exists. `quorum`: to be acknowledged when other regions have confirmed it (QuorumStore.unconfirmed). */
  durability: Durability | null;
}

export interface RunMove {
  runId: string;
  status: RunStatus;
  queues: string[] | null;
}

export interface RetryFrom {
  runId: string;
  /** Default `failed`: the steps that failed; `start`: from scratch; `step`: from the one named by `step`. */
  from?: 'failed' | 'start' | 'step' | undefined;
  step?: string | undefined;
}

/** A duty of the scheduler: `token` is that of its lease, `limit` the most rows of one call. Throws `lease_lost`. */
export interface LeaderBatch {
  token: number;
  limit: number;
}

export class RunStore {
  constructor(private readonly db: Database) {}

  /** start_runs: up to 1,000 requests in one transaction; one row per request. Throws `invalid_request`, `batch_too_large`. */
  start(requests: Batch<StartRunRequest>): Promise<StartRunRow[]> {
    return this.db.callSql('start_runs', [jsonbElements(requests)]);
  }

  /** submit_runs: start, and the wake-up for the queues that got work, in the same call. For few requests: the answer is one json value. */
  async startAndWake(requests: Batch<StartRunRequest>): Promise<StartRunRow[]> {
    const rows = await this.db.callProcedure<object[]>('submit_runs', [jsonbElements(requests)]);
    return rows.map((row) => camelKeys<StartRunRow>(row));
  }

  /** start_due_runs: scheduled runs whose time has come; fewer rows than `limit` means that none is left. */
  startDue({ token, limit }: LeaderBatch): Promise<{ runId: string; queues: string[] | null }[]> {
    return this.db.callSql('start_due_runs', [token, limit]);
  }

  /** fail_overdue_runs: open runs whose deadline has passed. */
  failOverdue({ token, limit }: LeaderBatch): Promise<{ runId: string }[]> {
    return this.db.callSql('fail_overdue_runs', [token, limit]);
  }

  /** cancel_runs: a verdict per id. `already` and `finished` are no errors. */
  cancel({
    runIds,
    reason,
  }: {
    runIds: readonly string[];
    reason?: string | undefined;
  }): Promise<{ runId: string; verdict: CancelVerdict; status: RunStatus | null }[]> {
    return this.db.callSql('cancel_runs', [runIds, reason]);
  }

  /** pause_run. Throws `run_not_found`, `run_finished`, `run_not_started`. `changed` false: it was paused. */
  async pause({ runId }: { runId: string }): Promise<RunMove & { changed: boolean }> {
    return one(await this.db.callSql<RunMove & { changed: boolean }>('pause_run', [runId]));
  }

  /** resume_run. Throws `run_not_found`, `run_finished`. `changed` false: it was not paused. */
  async resume({ runId }: { runId: string }): Promise<RunMove & { changed: boolean }> {
    return one(await this.db.callSql<RunMove & { changed: boolean }>('resume_run', [runId]));
  }

  /** retry_run. Throws `run_not_found`, `run_not_finished`, `run_not_retryable`, `unknown_step`. */
  async retry({ runId, from = 'failed', step }: RetryFrom): Promise<RunMove> {
    return one(await this.db.callSql<RunMove>('retry_run', [runId, from, step]));
  }

  /** delete_runs: erases finished runs; a verdict per id. */
  delete({ runIds }: { runIds: readonly string[] }): Promise<{ runId: string; verdict: DeleteVerdict }[]> {
    return this.db.callSql('delete_runs', [runIds]);
  }

  /** prune_runs: removes runs that finished before `before`; how many. As many as `limit`: call again. */
  async prune({ token, before, limit }: LeaderBatch & { before: Date }): Promise<number> {
    return one(await this.db.callSql<{ pruneRuns: number }>('prune_runs', [token, before, limit])).pruneRuns;
  }

  /** advance_horizon: upkeep of the oldest open run and of the counts of open runs; `moved` counts rows, as many as `limit`: call again. */
  async advanceHorizon({ token, limit }: LeaderBatch): Promise<{ moved: number }> {
    return one(await this.db.callSql<{ moved: number }>('advance_horizon', [token, limit]));
  }

  /** open_run_counts: open runs by status, for gauges; statuses without a run may be missing. */
  openCounts(): Promise<{ status: RunStatus; runs: number }[]> {
    return this.db.callSql('open_run_counts', []);
  }
}

/** The only row of a function that always answers with one. */
export function one<Row>(rows: Row[]): Row {
  const row = rows[0];
  if (row === undefined) throw new Error('a function that answers with one row gave none');
  return row;
}
