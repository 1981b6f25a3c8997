// The errors of the engine: few, typed, with a code that never changes its meaning.
//
// SQL raises SQLSTATE WFnnn with a sentence as message and JSON facts as DETAIL; this file is the only table from SQLSTATE to code. What each
// code means to an HTTP client is the router's business (problem.filter.ts).
import type { Json, JsonObject } from './json.js';

/** SQLSTATE -> code. WF0: the call itself; WF1: definitions; WF2: runs; WF3: workers and leases; WF4: schedules; WF5: orchestrators; WF6: regions; WF7: API keys. */
export const CODE_OF_SQLSTATE = {
  WF001: 'invalid_request',
  WF002: 'batch_too_large',
  WF003: 'unknown_limit',
  WF101: 'invalid_definition',
  WF102: 'bad_slug',
  WF103: 'duplicate_step',
  WF104: 'unknown_dependency',
  WF105: 'definition_cycle',
  WF106: 'no_root_step',
  WF107: 'map_with_many_sources',
  WF108: 'too_many_steps',
  WF109: 'bad_option',
  WF110: 'bad_queue',
  WF201: 'unknown_workflow',
  WF202: 'type_violation',
  WF203: 'map_too_large',
  WF204: 'run_not_found',
  WF205: 'run_finished',
  WF206: 'run_not_finished',
  WF207: 'idempotency_conflict',
  WF208: 'unknown_step',
  WF209: 'unknown_version',
  WF210: 'output_too_large',
  WF211: 'quorum_impossible',
  WF212: 'run_not_started',
  WF213: 'run_not_retryable',
  WF214: 'bad_tenant_id',
  WF215: 'bad_idempotency_key',
  WF216: 'bad_labels',
  WF217: 'bad_time',
  WF218: 'not_home',
  WF301: 'worker_unknown',
  WF302: 'lease_lost',
  WF401: 'schedule_not_found',
  WF402: 'schedule_exists',
  WF403: 'bad_schedule_name',
  WF404: 'bad_cron',
  WF405: 'bad_time_zone',
  WF406: 'schedule_changed',
  WF407: 'next_slot_needed',
  WF501: 'no_candidate',
  WF502: 'command_pending',
  WF503: 'unknown_lease',
  WF601: 'no_mesh',
  WF602: 'other_mesh',
  WF603: 'other_member',
  WF604: 'member_stopped',
  WF605: 'not_the_next_epoch',
  WF606: 'topology_forked',
  WF607: 'mesh_exists',
  WF608: 'not_empty',
  WF609: 'unknown_value',
  WF610: 'seal_refused',
  WF620: 'unsafe_session',
  WF701: 'admin_key_needed',
  WF702: 'key_not_found',
} as const;

/** Codes that TypeScript gives by itself: no SQLSTATE of ours stands behind them. */
export type LocalErrorCode =
  | 'schema_too_old'
  | 'schema_too_new'
  | 'schema_edited'
  | 'database_unavailable'
  | 'invalid_config'
  | 'quorum_unavailable';

export type SqlState = keyof typeof CODE_OF_SQLSTATE;
export type SqlErrorCode = (typeof CODE_OF_SQLSTATE)[SqlState];
export type WorkflowErrorCode = SqlErrorCode | LocalErrorCode;

export interface WorkflowErrorOptions {
  /** The offending field, named as on the wire (snake_case, dots for depth: `steps.3.slug`). */
  field?: string | undefined;
  /** Whatever else is known: bounds, ids, the former holder. Plain JSON. */
  facts?: JsonObject | undefined;
  cause?: unknown;
}

/**
 * The one error class of the engine. `code` is stable and machine-readable, `message` one sentence that names the offending thing.
 *
 * Reports of tasks never raise it for a lost race: those are verdicts, see verdicts.ts.
 */
export class WorkflowError extends Error {
  override readonly name = 'WorkflowError';
  readonly code: WorkflowErrorCode;
  readonly field: string | undefined;
  readonly facts: JsonObject;

  constructor(code: WorkflowErrorCode, message: string, options: WorkflowErrorOptions = {}) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause });
    this.code = code;
    this.field = options.field;
    this.facts = options.facts ?? {};
  }
}

/** True when `error` is a WorkflowError, with this code where one is given. */
export function isWorkflowError(error: unknown, code?: WorkflowErrorCode): error is WorkflowError {
  return error instanceof WorkflowError && (code === undefined || error.code === code);
}

/** True for errors that say nothing about the request: the database could not be asked, or its answer was lost. The same call may be repeated. */
export function isUnavailable(error: unknown): boolean {
  return isWorkflowError(error, 'database_unavailable');
}

/** What an error of any kind says, for a log line. */
export function reasonOf(error: unknown): string {
  const message = (error as Error | null | undefined)?.message;
  return typeof message === 'string' && message !== '' ? message : String(error);
}

/** Reads the DETAIL of an exception of ours; text that is not JSON (PostgreSQL's own details) becomes no facts. */
export function factsOfDetail(detail: string | undefined): { field?: string; facts: JsonObject } {
  if (detail === undefined || !detail.startsWith('{')) return { facts: {} };
  let parsed: Json;
  try {
    parsed = JSON.parse(detail) as Json;
  } catch {
    return { facts: {} };
  }
  const { field, ...facts } = parsed as JsonObject;
  return typeof field === 'string' ? { field, facts } : { facts };
}
