// Calls of the SQL functions about tasks: the claim and the three reports. The hot path.
import type { Json, LossReason, ReleaseReason, ReportVerdict } from '../domain/index.js';
import type { Database } from './database.js';
import type { UnconfirmedAnswer } from './quorum.store.js';
import type { LeaderBatch } from './run.store.js';
import { CLAIM_COLUMNS, claimedTasks, COMPLETION_COLUMNS, completionAnswer } from './task.rows.js';
import { type Batch, jsonbElements } from './wire.js';

/** Names one attempt; what a worker hands back with every report and heartbeat. */
export interface TaskRef {
  runId: string;
  stepSlug: string;
  taskIndex: number;
  attempt: number;
}

/** A claimed task: everything that its handler needs. */
export interface ClaimedTask extends TaskRef {
  /** Of the call that brought it. When the worker holds nothing more of a claim, it may say so (`settled`). */
  claimId: number;
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
  /** From claimable to claimed; 0 where it was handed over. */
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
  settled?: SettledClaims | undefined;
}

/** Claims of this worker of which it holds nothing any more: every attempt has its verdict. Ids that are unknown do no harm; may be repeated. */
export type SettledClaims = readonly number[];

export interface CompletionRequest {
  workerId: string;
  results: Batch<TaskCompletion>;
  /** Most tasks, ready through these results, that the worker takes over in the same call. Default 0: all go to their queues. */
  capacity?: number | undefined;
  /** Active-passive only. One that is no longer valid takes nothing over; it is no error. */
  leaderToken?: number | null | undefined;
  settled?: SettledClaims | undefined;
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

export interface CompletionRow extends ReportRow {
  ended: EndedRuns;
  /** Runs whose verdicts count only when other regions have confirmed them. In the first row only, null elsewhere and where there are none. */
  unconfirmed: UnconfirmedAnswer;
}

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
  async start({ workerId, queues, capacity, leaderToken, settled = [] }: ClaimRequest): Promise<ClaimedTask[]> {
    return claimedTasks(await this.db.callArrays('start_tasks', [workerId, queues, capacity, leaderToken, settled], CLAIM_COLUMNS));
  }

  /**
   * complete_tasks: up to 1,000 outcomes in one transaction; a verdict per element, never an exception for a lost race. `handed` are tasks that became
   * ready by it and are this worker's now, claimed like those of `start`. May be repeated: what was answered before is `already` and hands nothing over.
   */
  async complete({
    workerId,
    results,
    capacity = 0,
    leaderToken,
    settled = [],
  }: CompletionRequest): Promise<{ rows: CompletionRow[]; handed: ClaimedTask[] }> {
    const args = [workerId, jsonbElements(results), capacity, leaderToken, settled];
    return completionAnswer(await this.db.callArrays('complete_tasks', args, COMPLETION_COLUMNS));
  }

  /** fail_tasks; `retryAt` is when the next attempt may be claimed, null when there is none. May be repeated. */
  fail({ workerId, failures }: { workerId: string; failures: Batch<TaskFailure> }): Promise<(CompletionRow & { retryAt: Date | null })[]> {
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
