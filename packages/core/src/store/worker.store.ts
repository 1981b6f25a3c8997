// Calls of the SQL functions about workers: registration, heartbeat, drain, death.
import type { AbortReason, JsonObject } from '../domain/index.js';
import type { Database } from './database.js';
import { one } from './run.store.js';
import type { SettledClaims, TaskRef } from './task.store.js';
import { type Batch, camelKeys, jsonb, jsonbElements, snakeKeys } from './wire.js';

export interface WorkerRegistration {
  workerId: string;
  app: 'router' | 'scheduler' | 'executor' | 'failover-monitor';
  region?: string | undefined;
  role?: string | undefined;
  orchestratorGroup?: string | undefined;
  host: string;
  pid: number;
  version: string;
  /** Where its own HTTP server answers, e.g. `http://127.0.0.1:4002`. */
  address?: string | undefined;
  queues?: readonly string[] | undefined;
  /** [workflow, step] pairs that it has handlers for. */
  runnableSteps?: readonly (readonly [workflow: string, step: string])[] | undefined;
  capacity?: number | undefined;
  heartbeatTimeoutMs: number;
  /** From this age on a claim that the worker's heartbeats do not name is taken back: its answer was lost. */
  visibilityTimeoutMs: number;
}

export interface AbortOrder {
  runId: string;
  stepSlug: string;
  taskIndex: number;
  attempt: number;
  reason: AbortReason;
}

export interface HeartbeatAnswer {
  /** `deprecated`: take no more work. */
  state: 'active' | 'deprecated';
  /** In-flight attempts that must end: their reports would be refused. */
  aborts: AbortOrder[];
  /** How long this region may go on executing, in ms from when the call was sent; null: not at all. A lone region: for ever. */
  leaseLeftMs: number | null;
}

export interface HeartbeatRequest {
  workerId: string;
  /** Everything that is held here. What the worker claimed longer ago than its visibility timeout and does not name is taken back. */
  inFlight?: Batch<TaskRef> | undefined;
  /** The lease token that this process believes it holds. */
  leaderToken?: number | null | undefined;
  settled?: SettledClaims | undefined;
}

export interface ExpiredWorker {
  workerId: string;
  app: string;
  host: string;
  lastHeartbeatAt: Date;
}

export class WorkerStore {
  constructor(private readonly db: Database) {}

  /** register_worker: also again, after `worker_unknown`; the time of the database's clock. */
  async register(worker: WorkerRegistration): Promise<Date> {
    return one(await this.db.callSql<{ registerWorker: Date }>('register_worker', [jsonb(snakeKeys(worker))])).registerWorker;
  }

  /** heartbeat: renews liveness, says what is in flight, and learns what must end. Throws `worker_unknown` (register again). */
  async heartbeat({ workerId, inFlight = [], leaderToken, settled = [] }: HeartbeatRequest): Promise<HeartbeatAnswer> {
    const answer = one(
      await this.db.callSql<{ state: HeartbeatAnswer['state']; aborts: JsonObject[] | null; leaseLeftMs: number | null }>('heartbeat', [
        workerId,
        jsonbElements(inFlight),
        leaderToken,
        settled,
      ]),
    );
    const { state, aborts, leaseLeftMs } = answer;
    return { state, aborts: (aborts ?? []).map((abort) => camelKeys<AbortOrder>(abort)), leaseLeftMs };
  }

  /** deprecate_worker: it gets no more work. False: it is not there. */
  async deprecate(workerId: string): Promise<boolean> {
    return one(await this.db.callSql<{ deprecateWorker: boolean }>('deprecate_worker', [workerId])).deprecateWorker;
  }

  /** stop_worker: it left in order. False: it is not there. */
  async stop(workerId: string): Promise<boolean> {
    return one(await this.db.callSql<{ stopWorker: boolean }>('stop_worker', [workerId])).stopWorker;
  }

  /** expire_workers: records workers that fell silent (the monitor's lease). Throws `lease_lost`. */
  expire({ token, limit }: { token: number; limit: number }): Promise<ExpiredWorker[]> {
    return this.db.callSql('expire_workers', [token, limit]);
  }

  /** prune_workers: removes rows of workers that are gone for `retentionMs`; how many. */
  async prune({ token, retentionMs, limit }: { token: number; retentionMs: number; limit: number }): Promise<number> {
    return one(await this.db.callSql<{ pruneWorkers: number }>('prune_workers', [token, retentionMs, limit])).pruneWorkers;
  }
}
