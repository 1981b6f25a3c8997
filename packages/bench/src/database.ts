// A connection to one database of the bench's server: for looking, for what a history needs, and for the floor; never for a peer's own work.
import pg from 'pg';
import { until } from './measure/clock.js';

const ALONE_LIMIT_MS = 10_000;
const OTHERS = `
  select count(*) from pg_stat_activity
   where datname = current_database() and pid <> pg_backend_pid() and backend_type = 'client backend' and application_name not like 'bench%'
     and usename is distinct from 'region_peer'`; // monitors of other regions, which are the bench's own

const TABLES = `
  select format('%I.%I', n.nspname, c.relname) as name
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind in ('r', 'p') and n.nspname !~ '^(pg_|information_schema$)'`;

export interface SqlOptions {
  readonly connections?: number;
  /** As it stands in pg_stat_activity: `bench...` is nobody whom `untilAlone` waits for. */
  readonly name?: string;
}

export class Sql {
  /** Sent so far, each a transaction of its own: what the database counts as ours. */
  statements = 0;
  private readonly pool: pg.Pool;

  constructor(
    readonly url: string,
    { connections = 1, name = 'bench' }: SqlOptions = {},
  ) {
    this.pool = new pg.Pool({ connectionString: url, max: connections, application_name: name });
    this.pool.on('error', () => undefined);
  }

  async rows<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    this.statements += 1;
    const { rows } = await this.pool.query<Row>(text, [...values]);
    return rows;
  }

  /** The first column of the first row, as a number. */
  async number(text: string, values: readonly unknown[] = []): Promise<number> {
    const [row] = await this.rows<Record<string, unknown>>(text, values);
    return Number(Object.values(row ?? {})[0]);
  }

  async run(text: string, values: readonly unknown[] = []): Promise<void> {
    await this.rows(text, values);
  }

  /** Statements on one connection, in one transaction. */
  async transaction(work: (client: pg.PoolClient) => Promise<void>): Promise<void> {
    const client = await this.pool.connect();
    this.statements += 1;
    try {
      await client.query('begin');
      await work(client);
      await client.query('commit');
    } catch (error) {
      await client.query('rollback');
      throw error;
    } finally {
      client.release();
    }
  }

  /** All tables but the catalog's: the planner knows what is there, at a time that is the same for everybody. */
  async analyze(): Promise<void> {
    const tables = await this.rows<{ name: string }>(TABLES);
    await this.run(`analyze ${tables.map(({ name }) => name).join(', ')}`);
  }

  /** Nobody else is connected any more, so that everybody has reported what he did; what we did is reported too. */
  async untilAlone(): Promise<void> {
    const isAlone = async (): Promise<boolean> => (await this.number(OTHERS)) === 0;
    await until('all workers have hung up', isAlone, { everyMs: 2, limitMs: ALONE_LIMIT_MS });
    await this.run('select pg_stat_force_next_flush()');
  }

  close(): Promise<void> {
    return this.pool.end();
  }
}

/** The same server, another database. */
export function databaseUrl(url: string, database: string): string {
  const changed = new URL(url);
  changed.pathname = `/${database}`;
  return changed.href;
}

/**
 * The statement that copies the rows of `table` where `pattern` holds once for every row of the temporary table `copies`, with other
 * values in `columns` (expressions over `copy` and `model`).
 */
export async function copyStatement(
  client: pg.ClientBase,
  table: string,
  pattern: string,
  columns: Record<string, string>,
): Promise<string> {
  const { rows: names } = await client.query<{ name: string }>(
    `select attname as name from pg_attribute
      where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attidentity <> 'a' order by attnum`,
    [table],
  );
  const quoted = names.map(({ name }) => `"${name}"`).join(', ');
  const values = names.map(({ name }) => columns[name] ?? `model."${name}"`).join(', ');
  return `insert into ${table} (${quoted}) select ${values} from copies copy cross join (select * from ${table} where ${pattern}) model`;
}
