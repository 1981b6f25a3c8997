// One ordered pair of regions: the publication at the source, the subscription at the target, with the options that the mesh uses.
import type { TestDatabase } from './database.js';
import { waitFor } from './wait.js';

/** One side of a link. */
export interface LinkEnd {
  readonly db: TestDatabase;
  readonly shortId: string;
}

export interface LinkOptions {
  /** Copies what is there already; otherwise only what is written from now on travels. */
  readonly copyData?: boolean;
}

const DRAIN_TIMEOUT_MS = 300_000;

export class MeshLink {
  private constructor(
    readonly from: LinkEnd,
    readonly to: LinkEnd,
    /** Of the subscription and of its slot. */
    readonly name: string,
  ) {}

  static async make(from: LinkEnd, to: LinkEnd, { copyData = false }: LinkOptions): Promise<MeshLink> {
    const link = new MeshLink(from, to, `sub_${to.shortId}_from_${from.shortId}`);
    await to.db.sql('select workflow.arm_guards()');
    await from.db.sql(await publicationText(from.db, `pub_to_${to.shortId}`));
    await to.db.sql(
      `create subscription ${link.name} connection '${from.db.url()}' publication pub_to_${to.shortId}
         with (origin = none, streaming = parallel, disable_on_error = false, synchronous_commit = off, copy_data = ${copyData})`,
    );
    await waitFor(() => link.isWhole(), { until: `${link.name} has copied its tables`, timeoutMs: DRAIN_TIMEOUT_MS });
    return link;
  }

  /** Nothing arrives until `heal`; the slot keeps what is written. */
  async cut(): Promise<void> {
    await this.to.db.sql(`alter subscription ${this.name} disable`);
    await waitFor(async () => (await this.workers()) === 0, { until: `the worker of ${this.name} is gone` });
  }

  async heal(): Promise<void> {
    await this.to.db.sql(`alter subscription ${this.name} enable`);
  }

  /** Until the target has applied, and flushed, what the source has written by now. */
  async drain(): Promise<void> {
    const [written] = await this.from.db.sql<{ lsn: string }>('select pg_current_wal_flush_lsn()::text as lsn');
    const confirmed = async () => {
      const [slot] = await this.from.db.sql<{ there: boolean }>(
        'select confirmed_flush_lsn >= $2::pg_lsn as there from pg_replication_slots where slot_name = $1',
        [this.name, written!.lsn],
      );
      return slot?.there;
    };
    await waitFor(confirmed, { until: `${this.name} has confirmed ${written!.lsn}`, timeoutMs: DRAIN_TIMEOUT_MS });
  }

  async drop(): Promise<void> {
    await this.to.db.sql(`drop subscription ${this.name}`);
    await this.from.db.sql(`drop publication pub_to_${this.to.shortId}`);
  }

  private async isWhole(): Promise<boolean> {
    const [tables] = await this.to.db.sql<{ pending: number }>(
      `select count(*) as pending from pg_subscription_rel r join pg_subscription s on s.oid = r.srsubid
        where s.subname = $1 and r.srsubstate <> 'r'`,
      [this.name],
    );
    return tables!.pending === 0;
  }

  private async workers(): Promise<number> {
    const [workers] = await this.to.db.sql<{ running: number }>(
      'select count(*) as running from pg_stat_subscription where subname = $1 and pid is not null',
      [this.name],
    );
    return workers!.running;
  }
}

/**
 * How often links failed to apply a transaction in this database, deadlocks aside: two links that bring rows of one run at the same moment can meet in one,
 * and the one that gives way applies its transaction again (ADR 0013). Any other failure would come back for ever.
 */
export async function applyErrors(db: TestDatabase): Promise<number> {
  const [count] = await db.sql<{ errors: number }>(
    `select greatest(0, coalesce(sum(s.apply_error_count), 0) - d.deadlocks)::int as errors
       from pg_stat_database d
       left join (pg_subscription u join pg_stat_subscription_stats s on s.subid = u.oid) on u.subdbid = d.datid
      where d.datname = current_database()
      group by d.deadlocks`,
  );
  return count!.errors;
}

/** Tables and columns by name: a new column travels only when every region has it. */
async function publicationText(db: TestDatabase, name: string): Promise<string> {
  const [row] = await db.sql<{ text: string }>(
    `select format('create publication %I for table %s with (publish = ''insert, update'')', $1::text, string_agg(t.entry, ', ')) as text
       from (select format('workflow.%I (%s)', c.table_name, string_agg(quote_ident(c.column_name), ', ')) as entry
               from workflow.replicated_columns c group by c.table_name) t`,
    [name],
  );
  return row!.text;
}
