// A database for one suite: a copy of the migrated template, dropped at the end.
import { randomBytes } from 'node:crypto';
import type pg from 'pg';
import { MovableClock } from './clock.js';
import { callText, connect, poolOf, urlOf, type Role, type Row } from './connect.js';
import { Factory } from './factory.js';
import { SEEDS_SQL } from './seeds.sql.js';
import { serverUrl } from './server.js';
import { Session } from './session.js';
import { ensureTemplate } from './template.js';

const POOL_SIZE = 4;

/** Calls in one role, each on any connection of a pool. */
export interface Caller {
  sql<T extends object = Row>(text: string, values?: unknown[]): Promise<T[]>;
  /** `select * from workflow.<fn>(...)`. jsonb arrays need `json([...])`. */
  call<T extends object = Row>(fn: string, args?: unknown[]): Promise<T[]>;
}

class PooledCaller implements Caller {
  constructor(private readonly pool: pg.Pool) {}

  async sql<T extends object = Row>(text: string, values: unknown[] = []): Promise<T[]> {
    return (await this.pool.query(text, values)).rows as T[];
  }

  async call<T extends object = Row>(fn: string, args: unknown[] = []): Promise<T[]> {
    return this.sql<T>(callText(fn, args.length), args);
  }
}

export class TestDatabase implements Caller {
  readonly clock: MovableClock;
  /** define, start, worker().claim(), run(), steps(), ... */
  readonly make: Factory;
  private readonly pools = new Map<Role, pg.Pool>();
  private readonly sessions = new Set<Session>();

  constructor(
    private readonly server: string,
    readonly name: string,
  ) {
    this.clock = new MovableClock(this.pool('admin'));
    this.make = new Factory(this);
  }

  /** Connection string in a role; core's stores take it. */
  url(role: Role = 'admin'): string {
    return urlOf(this.server, this.name, role);
  }

  as(role: Role): Caller {
    return new PooledCaller(this.pool(role));
  }

  sql<T extends object = Row>(text: string, values: unknown[] = []): Promise<T[]> {
    return this.as('admin').sql<T>(text, values);
  }

  call<T extends object = Row>(fn: string, args: unknown[] = []): Promise<T[]> {
    return this.as('admin').call<T>(fn, args);
  }

  /** A connection of its own, closed with the database or by `reset`. */
  async session(role: Role = 'admin'): Promise<Session> {
    const client = await connect(this.url(role));
    const { rows } = await client.query('select pg_backend_pid() as pid');
    const session = new Session(client, this.pool('admin'), rows[0].pid as number);
    this.sessions.add(session);
    return session;
  }

  /** Back to the state of a fresh install: rows, queues, clock; sessions are closed. */
  async reset(): Promise<void> {
    await this.closeSessions();
    await this.sql('select testkit.reset()');
  }

  /** Leaves the database where it is: for a server that is thrown away as a whole. */
  async closeConnections(): Promise<void> {
    await Promise.allSettled([...this.sessions].map((session) => session.close()));
    await Promise.all([...this.pools.values()].map((pool) => pool.end()));
  }

  async close(): Promise<void> {
    await this.closeSessions();
    await Promise.all([...this.pools.values()].map((pool) => pool.end()));
    const admin = await connect(this.server);
    try {
      await admin.query(`drop database if exists ${this.name} with (force)`);
    } finally {
      await admin.end();
    }
  }

  private async closeSessions(): Promise<void> {
    await this.sql(
      `select pg_terminate_backend(pid) from pg_stat_activity
       where datname = current_database() and pid = any($1) and state <> 'idle'`,
      [[...this.sessions].map((session) => session.pid)],
    );
    await Promise.allSettled([...this.sessions].map((session) => session.close()));
    this.sessions.clear();
  }

  private pool(role: Role): pg.Pool {
    let pool = this.pools.get(role);
    if (!pool) {
      pool = poolOf(this.url(role), POOL_SIZE);
      this.pools.set(role, pool);
    }
    return pool;
  }
}

const UNKNOWN_DATABASE = '3D000';
const OBJECT_IN_USE = '55006';
const COPY_TRIES = 50;

export async function createTestDatabase(server?: string): Promise<TestDatabase> {
  const url = server ?? serverUrl();
  const name = `workflow_test_${randomBytes(8).toString('hex')}`;
  for (let tries = 1; ; tries += 1) {
    const template = await ensureTemplate(url);
    const admin = await connect(url);
    try {
      await admin.query(`create database ${name} template ${template}`);
      return new TestDatabase(url, name);
    } catch (error) {
      const { code } = error as { code?: string };
      if (tries === COPY_TRIES || (code !== OBJECT_IN_USE && code !== UNKNOWN_DATABASE)) throw error;
    } finally {
      await admin.end();
    }
  }
}

/** A migrated database that a test made by itself: from here on it has what tests look with, and its clock can be moved. `close` drops it. */
export async function adoptDatabase(name: string): Promise<TestDatabase> {
  const adopted = new TestDatabase(serverUrl(), name);
  await adopted.sql(SEEDS_SQL);
  return adopted;
}
