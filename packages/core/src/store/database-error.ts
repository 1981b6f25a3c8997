// What went wrong in a call: one place that turns pg's errors into WorkflowErrors. SQLSTATE -> code is domain/errors.ts.
import { CODE_OF_SQLSTATE, factsOfDetail, type SqlState, WorkflowError } from '../domain/index.js';

interface PgError {
  code?: string;
  message: string;
  detail?: string;
  /** Of an AggregateError. */
  errors?: Error[];
}

/** Of the socket: nobody there, gone, or too slow. */
const SOCKET_CODES = new Set([
  'ECONNREFUSED', 'ECONNRESET', 'ECONNABORTED', 'EPIPE', 'ETIMEDOUT', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'EHOSTDOWN', 'ENETUNREACH', 'ENETDOWN',
]); // prettier-ignore

/**
 * SQLSTATEs that say nothing about the request; the same call may succeed later. Classes: 08 connection, 53 resources, 57 operator intervention
 * (stop, start, cancel), 58 system. Single: rolled back for another's sake (40001, 40P01, 55P03), read-only (25006: a former primary), over its transaction_timeout (25P04), not let in
 * (28xxx, 3D000: a login or a database that is still being made).
 */
const UNAVAILABLE_CLASSES = new Set(['08', '53', '57', '58']);
const UNAVAILABLE_STATES = new Set(['40001', '40P01', '55P03', '25006', '25P04', '28000', '28P01', '3D000']);

const ROLLED_BACK = new Set<unknown>(['40001', '40P01', '55P03', '57014', '25P04']);

/** pg and pg-pool give these no code. */
const UNAVAILABLE_MESSAGES = [
  'Connection terminated',
  'timeout exceeded when trying to connect',
  'Query read timeout',
  'Client has encountered a connection error',
  'Client was closed',
  'Cannot use a pool after calling end',
  'timeout expired',
];

/** Things that our schema has and this database has not. */
const MISSING_STATES = new Set(['42883', '3F000', '42P01', '42703']);

/** Values that PostgreSQL cannot hold: \u0000, lone surrogates, numbers out of range, no uuid, no time. */
const UNSTORABLE_CLASSES = new Set(['22']);

/** SQLSTATEs have five characters; a socket's codes have more. */
function isOfClass(code: string, classes: ReadonlySet<string>): boolean {
  return code.length === 5 && classes.has(code.slice(0, 2));
}

function isUnavailable(code: string | undefined, message: string): boolean {
  if (code !== undefined && (SOCKET_CODES.has(code) || UNAVAILABLE_STATES.has(code) || isOfClass(code, UNAVAILABLE_CLASSES))) return true;
  return UNAVAILABLE_MESSAGES.some((beginning) => message.startsWith(beginning));
}

/** The database itself is away: not merely one transaction that was rolled back for another's sake or cancelled. */
export function isOutage({ code, facts }: WorkflowError): boolean {
  return code === 'database_unavailable' && !ROLLED_BACK.has(facts['reason']);
}

/** A prepared statement whose function was replaced by one with other columns: the connection must prepare anew. */
export function isStalePlan(error: unknown): boolean {
  const { code, message } = error as PgError;
  return code === '0A000' && message.startsWith('cached plan must not change');
}

/** The session lacks a statement that it prepared, or has one that it did not prepare: somebody else used it meanwhile. */
const UNPREPARED_STATES = new Set(['26000', '42P05']);

export function isUnprepared(error: unknown): boolean {
  return UNPREPARED_STATES.has((error as PgError).code ?? '');
}

/**
 * PostgreSQL's warning that a transaction is committed here and perhaps nowhere else: its wait for the synchronous standby was cancelled
 * (pg_cancel_backend). It has no SQLSTATE of its own, and its text is translated; the routine is not.
 */
export function isCancelledWait({ routine }: { routine?: string | undefined }): boolean {
  return routine === 'SyncRepWaitForLSN';
}

/**
 * The WorkflowError of what `pg` threw in a call of `what` (a function's name, or `query`). Errors that are none of ours and no outage (a broken
 * constraint, a wrong privilege) come back as they are: nobody may mistake a bug for an answer.
 */
export function workflowErrorOf(error: unknown, what: string): Error {
  if (error instanceof WorkflowError) return error;
  if (!looksLikeError(error)) return new Error(String(error));
  const { code, detail } = error;
  const message = error.message === '' ? (error.errors?.[0]?.message ?? String(code)) : error.message; // a connect to several addresses fails with several
  const ours = code === undefined ? undefined : CODE_OF_SQLSTATE[code as SqlState];
  if (ours !== undefined) {
    const { field, facts } = factsOfDetail(detail);
    return new WorkflowError(ours, message, { field, facts, cause: error });
  }
  if (isUnavailable(code, message)) {
    const facts = { call: what, ...(code === undefined ? {} : { reason: code }) };
    return new WorkflowError('database_unavailable', `the database does not answer: ${message}`, { facts, cause: error });
  }
  if (code !== undefined && MISSING_STATES.has(code)) {
    return new WorkflowError('schema_too_old', `the database lacks what this version needs: ${message}`, {
      facts: { call: what },
      cause: error,
    });
  }
  if (code !== undefined && isOfClass(code, UNSTORABLE_CLASSES)) {
    const facts = { call: what, sqlstate: code };
    return new WorkflowError('invalid_request', `the database cannot hold a value of this call: ${message}`, { facts, cause: error });
  }
  return error;
}

/** Not instanceof: Node's own errors come from another realm where code runs in a context of its own (Jest does that). */
function looksLikeError(error: unknown): error is PgError & Error {
  return typeof error === 'object' && error !== null && typeof (error as Error).message === 'string';
}
