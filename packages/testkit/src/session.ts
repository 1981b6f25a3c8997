// One connection that a test holds, for what needs two of them: locks, races, order of commits.
import type pg from 'pg';
import { callText, type Row } from './connect.js';
import { waitFor } from './wait.js';

/** A statement under way; awaiting it gives the rows. A rejection that nobody awaits yet does not end the test process. */
export interface Pending<T> extends Promise<T> {
  readonly isSettled: () => boolean;
}

export class Session {
  constructor(
    private readonly client: pg.Client,
    private readonly observer: pg.Pool,
    readonly pid: number,
  ) {}

  async sql<T extends object = Row>(text: string, values: unknown[] = []): Promise<T[]> {
    return (await this.client.query(text, values)).rows as T[];
  }

  async call<T extends object = Row>(fn: string, args: unknown[] = []): Promise<T[]> {
    return this.sql<T>(callText(fn, args.length), args);
  }

  /** Starts something on this session without waiting for it: `session.start(() => worker.using(session).complete(task))`. */
  start<T>(work: () => Promise<T>): Pending<T> {
    let settled = false;
    const settle = () => {
      settled = true;
    };
    const promise = work();
    promise.then(settle, settle);
    return Object.assign(promise, { isSettled: () => settled });
  }

  begin = () => this.sql('begin');
  commit = () => this.sql('commit');
  rollback = () => this.sql('rollback');

  /** Returns once the server says that this session waits for a lock of another. */
  async waitUntilBlocked(): Promise<void> {
    await waitFor(
      async () => {
        const { rows } = await this.observer.query('select cardinality(pg_blocking_pids($1)) > 0 as blocked', [this.pid]);
        return rows[0].blocked as boolean;
      },
      { until: `session ${this.pid} is blocked` },
    );
  }

  async close(): Promise<void> {
    await this.client.end();
  }
}
