// The clock of one database, moved by tests. It stands in for workflow.clock(), the only clock that the SQL functions read.
import type pg from 'pg';

const MOVABLE = `
create or replace function workflow.clock() returns timestamptz
language sql volatile parallel unsafe security definer set search_path = '' as
$$ select coalesce(frozen_at, pg_catalog.clock_timestamp()) + shift from testkit.clock $$;
grant usage on schema testkit to public;
grant select on testkit.clock to public;
`;

export class MovableClock {
  private installed = false;
  constructor(private readonly pool: pg.Pool) {}

  /** Moves the clock of this database forward; it goes on running from there (unless frozen). */
  async advance(ms: number): Promise<void> {
    await this.install();
    await this.pool.query(`update testkit.clock set shift = shift + $1 * interval '1 millisecond'`, [ms]);
  }

  /** Stops the clock, at a whole millisecond: from here on only `advance` moves it. */
  async freeze(): Promise<void> {
    await this.install();
    await this.pool.query(`update testkit.clock set frozen_at = coalesce(frozen_at, date_trunc('milliseconds', clock_timestamp()))`);
  }

  async now(): Promise<Date> {
    const { rows } = await this.pool.query('select workflow.clock() as now');
    return rows[0].now as Date;
  }

  private async install(): Promise<void> {
    if (this.installed) return;
    await this.pool.query(MOVABLE);
    this.installed = true;
  }
}
