// What work costs the database, as its own counters say. WAL and CPU are the server's: nothing else may run on it meanwhile, but its own
// housekeeping, which belongs to the cost. Commits and rows are of one database.
import type { Sql } from '../database.js';
import { databaseCpuMs } from './processor.js';

/** Read while work goes on: exact at that moment. */
export interface Instant {
  readonly walBytes: number;
  readonly databaseCpuMs: number | null;
}

/** Backends report these when they are idle or end: read when the workers have hung up. */
export interface Totals {
  readonly commits: number;
  readonly rowWrites: number;
  readonly hotUpdates: number;
  readonly updates: number;
}

export async function readInstant(sql: Sql, postmasterPid: number | null): Promise<Instant> {
  const walBytes = await sql.number(`select pg_wal_lsn_diff(pg_current_wal_insert_lsn(), '0/0')`);
  return { walBytes, databaseCpuMs: databaseCpuMs(postmasterPid) };
}

/** Waits until nobody else is connected, and leaves out what this connection did itself. */
export async function readTotals(sql: Sql): Promise<Totals> {
  await sql.untilAlone();
  const own = sql.statements;
  const [row] = await sql.rows<Record<keyof Totals, string>>(
    `select (select xact_commit from pg_stat_database where datname = current_database()) as "commits",
            coalesce(sum(n_tup_ins + n_tup_upd + n_tup_del), 0) as "rowWrites",
            coalesce(sum(n_tup_hot_upd), 0) as "hotUpdates",
            coalesce(sum(n_tup_upd), 0) as "updates"
       from pg_stat_user_tables`,
  );
  const { commits, rowWrites, hotUpdates, updates } = row!;
  return { commits: Number(commits) - own, rowWrites: Number(rowWrites), hotUpdates: Number(hotUpdates), updates: Number(updates) };
}

export interface CostOfWork {
  readonly from: Instant & Totals;
  readonly to: Instant & Totals;
  readonly nodeCpuMs: number;
  readonly steps: number;
}

/** Per step. */
export function costPerStep({ from, to, nodeCpuMs, steps }: CostOfWork): Record<string, number | null> {
  const each = (before: number | null, after: number | null): number | null =>
    before === null || after === null ? null : (after - before) / steps;
  return {
    walBytesPerStep: each(from.walBytes, to.walBytes),
    commitsPerStep: each(from.commits, to.commits),
    rowWritesPerStep: each(from.rowWrites, to.rowWrites),
    hotUpdateShare: to.updates === from.updates ? null : (to.hotUpdates - from.hotUpdates) / (to.updates - from.updates),
    databaseCpuMsPerStep: each(from.databaseCpuMs, to.databaseCpuMs),
    nodeCpuMsPerStep: nodeCpuMs / steps,
  };
}
