// Calls about submissions that are taken while the tenant's home does not answer: they travel to it, or to its successor, as rows.
import type { Json } from '../domain/index.js';
import type { Database } from './database.js';
import { one, type LeaderBatch, type StartRunRequest } from './run.store.js';
import { type Batch, jsonbElements } from './wire.js';

export interface RequestedRow {
  /** 1-based, into the requests. */
  readonly ordinal: number;
  readonly outcome: 'requested' | 'existing' | 'conflict' | 'refused';
  /** That the run has, or will have. */
  readonly runId: string | null;
  readonly status: string | null;
  readonly code: string | null;
  readonly message: string | null;
  readonly field: string | null;
}

export interface RequestState {
  readonly requestId: string;
  readonly tenantId: string;
  readonly workflow: string;
  readonly outcome: 'requested' | 'started' | 'merged' | 'refused';
  /** Another one's where it was merged. */
  readonly runId: string | null;
  readonly code: string | null;
  readonly message: string | null;
  readonly requestedAt: Date;
  readonly decidedAt: Date | null;
  /** As it was taken: the fields of a start, in snake_case. */
  readonly request: Readonly<Record<string, Json>>;
}

export interface StartedRequest {
  readonly requestId: string;
  /** Null: it waits for its workflow. */
  readonly outcome: 'started' | 'merged' | 'refused' | null;
  readonly runId: string | null;
  readonly code: string | null;
  readonly queues: string[] | null;
}

export class RequestStore {
  constructor(private readonly db: Database) {}

  /** request_runs. `keyId`: the API key that was used, which the home asks for once more. Throws `no_mesh`, `batch_too_large`. */
  take(requests: Batch<StartRunRequest>, keyId: string | null = null): Promise<RequestedRow[]> {
    return this.db.callSql('request_runs', [jsonbElements(requests), keyId]);
  }

  /** read_run_request; null: there is no such request. */
  async read(requestId: string): Promise<RequestState | null> {
    return (await this.db.callSql<RequestState>('read_run_request', [requestId]))[0] ?? null;
  }

  /** start_requested_runs: call again while `limit` rows come back. */
  start({ token, limit }: LeaderBatch): Promise<StartedRequest[]> {
    return this.db.callSql('start_requested_runs', [token, limit]);
  }

  /** prune_run_requests; how many. */
  async prune({ token, before, limit }: LeaderBatch & { before: Date }): Promise<number> {
    return one(await this.db.callSql<{ pruneRunRequests: number }>('prune_run_requests', [token, before, limit])).pruneRunRequests;
  }
}
