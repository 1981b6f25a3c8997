// Calls of the SQL functions about tasks: the claim and the three reports. The hot path.
import type { Json, LossReason, ReleaseReason, ReportVerdict } from '../domain/index.js';
import type { Database } from './database.js';
import type { LeaderBatch } from './run.store.js';
import { type Batch, jsonbElements } from './wire.js';

/** Names one attempt; what a worker hands back with every report and heartbeat. */
export interface TaskRef {
  runId: string;
  stepSlug: string;
  taskIndex: number;
  attempt: number;
  messageId: number;
  /** pgmq's queue, e.g. `default_p1`. */
  queue: string;
}

/** A claimed task: everything that its handler needs. */
export interface ClaimedTask extends TaskRef {
  workflow: string;
  definitionId: string;
  tenantId: string;
  /** `root`: the handler's input is `runInput`, and `input` is null. `step`: `input` is `{dependency: output}`. `map`: `input` is the element. */
  kind: 'root' | 'step' | 'map';
  input: Json;
  /** Of map tasks only in the first row of each (run, step) of a claim, null in the others: a map over a large input would answer it per task. */
  runInput: Json;
  timeoutMs: number;
  /** Of the run. */
  deadline: Date | null;
  /** From claimable to claimed. */
  waitMs: number;
}

export interface ClaimRequest {
  workerId: string;
  /** Logical queues, most important first. */
  queues: readonly string[];
  /** Most tasks. */
  capacity: number;
  /** Active-passive only. */
  leaderToken?: number | null | undefined;
}

export interface TaskCompletion extends TaskRef {
  output: Json;
}

export interface TaskFailure extends TaskRef {
  error: { code: string; message: string; stack?: string | undefined };
  /** Default true. False: no attempt follows, whatever is left. */
  retryable?: boolean | undefined;
  /** Instead of the step's own delay. */
  retryAfterMs?: number | undefined;
}

export interface TaskRelease extends TaskRef {
  reason: ReleaseReason;
}

export interface ReportRow {
  /** 1-based, into the reports. */
  ordinal: number;
  verdict: ReportVerdict;
  /** Logical queues that got work by the call: whom to wake. In the first row only, null elsewhere. */
  queues: string[] | null;
}

/** Runs that ended by a call, by outcome. In the first row only, null elsewhere and where none did. */
export type EndedRuns = { completed?: number; failed?: number } | null;

export interface LostTask {
  runId: string;
  stepSlug: string;
  taskIndex: number;
  attempt: number;
  reason: LossReason;
  /** In the first row only, like `ended`. */
  queues: string[] | null;
  ended: EndedRuns;
}

export class TaskStore {
  constructor(private readonly db: Database) {}

  /**
   * start_tasks: claims up to `capacity` tasks, attempt + 1 each. Empty for a deprecated worker.
   * Throws `worker_unknown` when the worker is not registered, stopped, or was judged dead: register again.
   */
  start({ workerId, queues, capacity, leaderToken }: ClaimRequest): Promise<ClaimedTask[]> {
    return this.db.callSql('start_tasks', [workerId, queues, capacity, leaderToken]);
  }

  /** complete_tasks: up to 1,000 outcomes in one transaction; a verdict per element, never an exception for a lost race. May be repeated. */
  complete({ workerId, results }: { workerId: string; results: Batch<TaskCompletion> }): Promise<(ReportRow & { ended: EndedRuns })[]> {
    return this.db.callSql('complete_tasks', [workerId, jsonbElements(results)]);
  }

  /** fail_tasks; `retryAt` is when the next attempt may be claimed, null when there is none. May be repeated. */
  fail({
    workerId,
    failures,
  }: {
    workerId: string;
    failures: Batch<TaskFailure>;
  }): Promise<(ReportRow & { retryAt: Date | null; ended: EndedRuns })[]> {
    return this.db.callSql('fail_tasks', [workerId, jsonbElements(failures)]);
  }

  /** release_tasks: gives tasks back unfinished; counts no failure. May be repeated. */
  release({ workerId, tasks }: { workerId: string; tasks: Batch<TaskRelease> }): Promise<ReportRow[]> {
    return this.db.callSql('release_tasks', [workerId, jsonbElements(tasks)]);
  }

  /** requeue_lost_tasks: takes tasks from workers that are gone, and those over their timeout. Throws `lease_lost`. */
  requeueLost({ token, limit }: LeaderBatch): Promise<LostTask[]> {
    return this.db.callSql('requeue_lost_tasks', [token, limit]);
  }
}
