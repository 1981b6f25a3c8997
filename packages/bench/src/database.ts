// A few connections to one database of the bench's server: for looking, never for the work that is measured.
import pg from 'pg';

export class Sql {
  private readonly pool: pg.Pool;

  constructor(
    readonly url: string,
    { connections = 2, name = 'bench' }: { connections?: number; name?: string } = {},
  ) {
    this.pool = new pg.Pool({ connectionString: url, max: connections, application_name: name });
    this.pool.on('error', () => undefined);
  }

  async rows<Row extends object>(text: string, values: readonly unknown[] = []): Promise<Row[]> {
    const { rows } = await this.pool.query<Row>(text, [...values]);
    return rows;
  }

  /** The first column of the first row, as a number. */
  async number(text: string, values: readonly unknown[] = []): Promise<number> {
    const [row] = await this.rows<Record<string, unknown>>(text, values);
    return Number(Object.values(row ?? {})[0]);
  }

  async run(text: string, values: readonly unknown[] = []): Promise<void> {
    await this.pool.query(text, [...values]);
  }

  /** Statements on one connection, in one transaction. */
  async transaction(work: (client: pg.PoolClient) => Promise<void>): Promise<void> {
    const client = await this.pool.connect();
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
export async function copyStatement(sql: Sql, table: string, pattern: string, columns: Record<string, string>): Promise<string> {
  const names = await sql.rows<{ name: string }>(
    `select attname as name from pg_attribute
      where attrelid = $1::regclass and attnum > 0 and not attisdropped and attgenerated = '' and attidentity <> 'a' order by attnum`,
    [table],
  );
  const quoted = names.map(({ name }) => `"${name}"`).join(', ');
  const values = names.map(({ name }) => columns[name] ?? `model."${name}"`).join(', ');
  return `insert into ${table} (${quoted}) select ${values} from copies copy cross join (select * from ${table} where ${pattern}) model`;
}
