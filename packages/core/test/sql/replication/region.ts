// A database of a story: what its home does to it, what it sends, what others' streams do to it. The stream is told by hand, one transaction at a time,
// so that a story decides in which order the transactions of different regions arrive.
import { createTestDatabase, json, type Session, type TestDatabase } from '@singularity-workflow/testkit';
import { APPLY_SQL, OUTBOX_SQL, REPLICATED_TABLES, STORY_SQL } from './story.sql.js';

export interface Entry {
  readonly tab: string;
  readonly op: 'insert' | 'update';
  readonly entry: Record<string, unknown>;
}

/** A transaction on its way. */
export interface Sent {
  readonly seq: number;
  readonly entries: Entry[];
}

export type Row = Record<string, unknown>;

export class Region {
  private constructor(
    readonly name: string,
    readonly db: TestDatabase,
    private readonly replica: Session,
  ) {}

  static async make(name: string): Promise<Region> {
    const db = await createTestDatabase();
    await db.sql('select workflow.arm_guards()');
    for (const text of [OUTBOX_SQL, APPLY_SQL, STORY_SQL]) await db.sql(text);
    const replica = await db.session();
    await replica.sql('set session_replication_role = replica');
    return new Region(name, db, replica);
  }

  async empty(): Promise<void> {
    await this.db.sql(
      `truncate ${[...REPLICATED_TABLES, 'lost_runs', 'replication_conflicts'].map((table) => `workflow.${table}`).join(', ')}, story.outbox`,
    );
  }

  /** What local transactions have written after `seq`. */
  async sentAfter(seq: number, transactions: number): Promise<Sent[]> {
    return this.db.sql<Sent>(
      `select max(o.seq) as seq, jsonb_agg(jsonb_build_object('tab', o.tab, 'op', o.op, 'entry', o.entry) order by o.seq) as entries
         from story.outbox o where o.seq > $1 group by o.tx order by 1 limit $2`,
      [seq, transactions],
    );
  }

  /** Applies a transaction of another region. */
  async apply(entries: readonly Entry[]): Promise<void> {
    await this.replica.sql('select story.apply($1)', [json(entries)]);
  }

  async rowsOf(table: string): Promise<Row[]> {
    const rows = await this.db.sql<{ r: Row }>(`select to_jsonb(t) as r from workflow.${table} t order by to_jsonb(t)::text`);
    return rows.map(({ r }) => r);
  }

  async close(): Promise<void> {
    await this.db.close();
  }
}

/** Rows that not every region has, by table: empty is what a story must end with. */
export async function differences(regions: readonly { name: string; rowsOf(table: string): Promise<Row[]> }[]): Promise<string[]> {
  const found: string[] = [];
  for (const table of REPLICATED_TABLES) {
    const copies = await Promise.all(
      regions.map(async (region) => new Set((await region.rowsOf(table)).map((row) => JSON.stringify(row)))),
    );
    const all = new Set(copies.flatMap((copy) => [...copy]));
    for (const row of all) {
      const lacking = regions.filter((_, index) => !copies[index]!.has(row)).map(({ name }) => name);
      if (lacking.length > 0) found.push(`${table}: ${lacking.join(', ')} lack ${row}`);
    }
  }
  return found;
}
