// The pool of connections of a process, and the one way in which TypeScript calls SQL: `select * from workflow.fn($1, ...)`.
//
// Every call is one statement, thus one transaction of its own: no transaction is ever open while JavaScript runs, nothing is kept in a session,
// and a pooler in transaction mode fits between (prepare: false for PgBouncer before 1.21).
//
// Failure: a lost connection is `database_unavailable`, for the call that was on it and for nobody else; the next call connects anew. Whether a call
// whose answer was lost took effect is not known: callers repeat what is safe to repeat. An answer that came with the warning that the commit was not
// waited for (a cancelled wait for the synchronous standby) counts as lost. No error of a connection ends the process.
import type { EventEmitter } from 'node:events';
import { type Pool, type PoolClient, type PoolConfig, Pool as PgPool, type QueryResult } from 'pg';
import { isUnavailable, isWorkflowError, type Logger, silentLogger, WorkflowError } from '../domain/index.js';
import { isCancelledWait, isOutage, isStalePlan, isUnprepared, workflowErrorOf } from './database-error.js';
import { argumentOf, camelOf, rowTypes } from './wire.js';

export interface DatabaseOptions {
  /** postgres://user:password@host:port/database */
  url: string;
  /** Most connections. Default 20. */
  poolSize?: number;
  /** Longest wait for a connection, in ms. Default 5000. */
  acquireTimeoutMs?: number;
  /** Longest wait for an answer, in ms; the connection is given up then. Default 30000. */
  queryTimeoutMs?: number;
  /** Named prepared statements, one per function. Default true. */
  prepare?: boolean;
  /** As it stands in pg_stat_activity. Default `singularity-workflow`. */
  applicationName?: string;
  /** Told when an idle connection breaks. */
  logger?: Logger;
}

interface Statement {
  text: string;
  name?: string;
}

/** Column names of a statement's answer and the keys that they become; made at its first answer, and again when a function was replaced. */
interface Columns {
  names: readonly string[];
  keys: readonly string[];
}

interface ArrayResult {
  fields: { name: string }[];
  rows: unknown[][];
}

const KEEP_ALIVE_DELAY_MS = 10_000;
const IDLE_TIMEOUT_MS = 60_000;
const UNPREPARED_RETRIES = 1;

/** Options of every pool and single connection of ours. */
export function connectionOptions(options: DatabaseOptions): PoolConfig {
  return {
    connectionString: options.url,
    max: options.poolSize ?? 20,
    connectionTimeoutMillis: options.acquireTimeoutMs ?? 5_000,
    query_timeout: options.queryTimeoutMs ?? 30_000,
    idleTimeoutMillis: IDLE_TIMEOUT_MS,
    keepAlive: true,
    keepAliveInitialDelayMillis: KEEP_ALIVE_DELAY_MS,
    application_name: options.applicationName ?? 'singularity-workflow',
    types: rowTypes,
  };
}

/** Connections whose server said FATAL: it is about to close them. */
const endedByServer = new WeakSet<object>();

function watchForEnd(client: PoolClient): void {
  const { connection } = client as unknown as { connection?: EventEmitter };
  connection?.on('errorMessage', ({ severity }: { severity?: string }) => {
    if (severity === 'FATAL' || severity === 'PANIC') endedByServer.add(client);
  });
}

/** Connections whose statement committed on this server alone: PostgreSQL gave the wait for its synchronous standby up, and said so by the way. */
const unconfirmed = new WeakSet<object>();

function watchForCancelledWait(client: PoolClient): void {
  client.on('notice', (notice) => {
    if (isCancelledWait(notice)) unconfirmed.add(client);
  });
}

export interface SharedPool {
  connect(callback: (error: Error | undefined, client: PoolClient | undefined, release: (cause?: Error | boolean) => void) => void): void;
  on(event: string, listener: (error: Error) => void): void;
}

export class Database {
  private readonly pool: Pool;
  private readonly logger: Logger;
  private prepare: boolean;
  private readonly statements = new Map<string, Statement>();
  private readonly columns = new Map<string, Columns>();
  private closing: Promise<void> | null = null;
  private lostAtMs: number | null = null;

  constructor(options: DatabaseOptions) {
    const logger = (this.logger = options.logger ?? silentLogger);
    this.prepare = options.prepare ?? true;
    this.pool = new PgPool(connectionOptions(options));
    // Without these two a connection that breaks while it is idle, or between checkout and query, would end the process.
    this.pool.on('error', (error) => logger.debug({ reason: error.message }, 'an idle connection to the database broke'));
    this.pool.on('connect', (client) => {
      client.on('error', () => undefined);
      watchForEnd(client);
      watchForCancelledWait(client);
    });
  }

  /**
   * Calls a function of schema `workflow` and returns its rows with camelCase keys: timestamptz is a Date, bigint a number, jsonb parsed and
   * otherwise untouched. A function that returns a scalar gives one row whose key is its name (`renew_lease` -> `renewLease`).
   *
   * Arguments are positional; undefined is NULL; objects, arrays of objects and `jsonb(...)` go as JSON, other arrays as PostgreSQL arrays.
   *
   * Throws WorkflowError (codes of the function, `database_unavailable`, `schema_too_old`); anything else is a bug and comes as pg threw it.
   */
  async callSql<Row>(fn: string, args: readonly unknown[]): Promise<Row[]> {
    const statement = this.statementOf(fn, args.length);
    return this.rowsOf<Row>(statement, await this.run(fn, statement, args.map(argumentOf)));
  }

  /** Calls a procedure of schema `workflow`, whose last parameter is what it answers: one json value, left out of `args`. Else as callSql. */
  async callProcedure<Answer>(procedure: string, args: readonly unknown[]): Promise<Answer> {
    const { rows } = await this.run(procedure, this.statementOf(procedure, args.length, 'call'), args.map(argumentOf));
    return rows[0]![0] as Answer;
  }

  /**
   * callSql for the hot path: rows as arrays in the order of `columns`, the names in the function's answer.
   * Throws `schema_too_old` where the function answers other columns: it is of another version.
   */
  async callArrays(fn: string, args: readonly unknown[], columns: readonly string[]): Promise<unknown[][]> {
    const { fields, rows } = await this.run(fn, this.statementOf(fn, args.length), args.map(argumentOf));
    if (!namedAs(fields, columns)) {
      const answered = fields.map(({ name }) => name).join(', ');
      throw new WorkflowError('schema_too_old', `${fn} answers ${answered}, which is not what this version knows it to answer`);
    }
    return rows;
  }

  /**
   * Reads with a text of ours (views, catalogs), never built from what a client sent; rows as callSql's. With a `name`, unique to the text, the
   * statement is prepared once per connection: for short reads that come often.
   */
  async query<Row>(text: string, values: readonly unknown[] = [], name?: string): Promise<Row[]> {
    const statement = name === undefined || !this.prepare ? { text } : { text, name: `workflow.read.${name}` };
    return this.rowsOf<Row>(statement, await this.run(name ?? 'query', statement, values.map(argumentOf)));
  }

  /** True for errors that say nothing about the request; the call may be repeated. */
  isUnavailable(error: unknown): boolean {
    return isUnavailable(error);
  }

  /** For how long no call was answered, in ms, since one failed for want of a database; null while the last one was. */
  get unavailableForMs(): number | null {
    return this.lostAtMs === null ? null : Math.round(performance.now() - this.lostAtMs);
  }

  get connections(): { total: number; idle: number; waiting: number } {
    return { total: this.pool.totalCount, idle: this.pool.idleCount, waiting: this.pool.waitingCount };
  }

  /** A connection for a library that brings its own statements (pgmq-js); it must be released, spoilt where its session is not as it was. Errors are pg's. */
  async connect(): Promise<{ query: (text: string, values?: unknown[]) => Promise<QueryResult>; release: (spoilt?: boolean) => void }> {
    const client = await this.pool.connect();
    return {
      query: (text, values) => client.query(text, values),
      release: (spoilt = false) => client.release(spoilt || endedByServer.has(client)),
    };
  }

  /**
   * The pool for a library that checks out and releases by itself (TypeORM): `release` drops a connection that the server has ended, which such a
   * library gives back as sound because the socket closes a moment after the error. Ending the pool is this class's business.
   */
  sharedPool(): SharedPool {
    const { pool } = this;
    return {
      on: (event, listener) => void pool.on(event as 'error', listener),
      connect: (callback) =>
        pool.connect((error, client, release) =>
          callback(error, client, (cause) => release(cause ?? (client !== undefined && endedByServer.has(client)))),
        ),
    };
  }

  /** Waits for calls under way, then closes every connection. Calls from now on fail with `database_unavailable`. */
  async close(): Promise<void> {
    this.closing ??= this.pool.end();
    await this.closing;
  }

  private statementOf(fn: string, arity: number, verb: 'select * from' | 'call' = 'select * from'): Statement {
    const name = `workflow.${fn}/${arity}`;
    let statement = this.statements.get(name);
    if (statement === undefined) {
      if (!/^[a-z][a-z0-9_]*$/.test(fn)) throw new TypeError(`'${fn}' is not the name of a function`);
      const parameters = Array.from({ length: arity }, (_, index) => `$${index + 1}`).join(', ');
      const text = `${verb} workflow.${fn}(${parameters})`;
      statement = this.prepare ? { text, name } : { text };
      this.statements.set(name, statement);
    }
    return statement;
  }

  private async run(what: string, statement: Statement, values: unknown[]): Promise<ArrayResult> {
    for (let attempt = 0; ; attempt += 1) {
      try {
        const result = await this.exchange(attempt === 0 ? statement : { text: statement.text }, values);
        this.lostAtMs = null;
        return result;
      } catch (error) {
        if (isUnprepared(error)) this.prepareNoMore();
        if (attempt < UNPREPARED_RETRIES && (isStalePlan(error) || isUnprepared(error))) continue; // the statement never began
        const typed = workflowErrorOf(error, what);
        if (isWorkflowError(typed) && isOutage(typed)) this.lostAtMs ??= performance.now();
        throw typed;
      }
    }
  }

  private async exchange(statement: Statement, values: unknown[]): Promise<ArrayResult> {
    const client = await this.pool.connect();
    let broken = false;
    try {
      const result = await client.query({ ...statement, values, rowMode: 'array' });
      if (unconfirmed.delete(client)) throw new WorkflowError('database_unavailable', 'committed, but perhaps by the primary alone');
      return result as never;
    } catch (error) {
      // A function's own exception leaves the connection sound; an answer that never came, or a plan of a former function, does not.
      broken = isStalePlan(error) || isUnprepared(error) || isUnavailable(workflowErrorOf(error, ''));
      throw error;
    } finally {
      client.release(broken);
    }
  }

  /** Sessions here are not ours alone: a pooler in transaction mode that knows no prepared statements. */
  private prepareNoMore(): void {
    if (!this.prepare) return;
    this.prepare = false;
    this.statements.clear();
    this.logger.warn(
      {},
      'prepared statements do not last here, as behind a pooler that shares sessions: going on without; set DATABASE_PREPARE=off',
    );
  }

  /** pg's arrays become objects in one pass; the keys are converted at the first answer of a statement only. */
  private rowsOf<Row>(statement: Statement, { fields, rows }: ArrayResult): Row[] {
    const { keys } = this.columnsOf(statement, fields);
    const width = keys.length;
    for (let r = 0; r < rows.length; r += 1) {
      const values = rows[r]!;
      const row: Record<string, unknown> = {};
      for (let c = 0; c < width; c += 1) row[keys[c]!] = values[c];
      (rows as unknown[])[r] = row;
    }
    return rows as unknown as Row[];
  }

  private columnsOf({ text }: Statement, fields: { name: string }[]): Columns {
    const known = this.columns.get(text);
    if (known !== undefined && namedAs(fields, known.names)) return known;
    const names = fields.map(({ name }) => name);
    const columns = { names, keys: names.map(camelOf) };
    this.columns.set(text, columns);
    return columns;
  }
}

function namedAs(fields: readonly { name: string }[], names: readonly string[]): boolean {
  return fields.length === names.length && fields.every(({ name }, c) => name === names[c]);
}
