// What work costs the database, as its own counters say. WAL and CPU are the server's: nothing else may run on it meanwhile, but its own
// housekeeping, which belongs to the cost. Commits and rows are of one database.
import type { Sql } from '../database.js';
import { busyShare, databaseCpuMs, type MachineTimes, machineTimes, memoryMiB } from './processor.js';

/** Read while work goes on: exact at that moment. */
export interface Instant {
  readonly walBytes: number;
  readonly databaseCpuMs: number | null;
  readonly machine: MachineTimes;
  readonly atMs: number;
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
  return { walBytes, databaseCpuMs: databaseCpuMs(postmasterPid), machine: machineTimes(), atMs: performance.now() };
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
  /** What the workers counted themselves: `claims` is reported as `claimsPerStep`. */
  readonly counters?: Readonly<Record<string, number>>;
}

/** Per step. */
export function costPerStep({ from, to, nodeCpuMs, steps, counters = {} }: CostOfWork): Record<string, number | null> {
  const each = (before: number | null, after: number | null): number | null =>
    before === null || after === null ? null : (after - before) / steps;
  return {
    walBytesPerStep: each(from.walBytes, to.walBytes),
    commitsPerStep: each(from.commits, to.commits),
    rowWritesPerStep: each(from.rowWrites, to.rowWrites),
    hotUpdateShare: to.updates === from.updates ? null : (to.hotUpdates - from.hotUpdates) / (to.updates - from.updates),
    databaseCpuMsPerStep: each(from.databaseCpuMs, to.databaseCpuMs),
    nodeCpuMsPerStep: nodeCpuMs / steps,
    ...Object.fromEntries(Object.entries(counters).map(([name, count]) => [`${name}PerStep`, count / steps])),
  };
}

/** Who had how many cores: what has run out shows here. `busyShare`: of the whole machine, by whomever. */
export function coresUsed(from: Instant, to: Instant, cpuMs: Readonly<Record<string, number | null>>): Record<string, number | null> {
  const ms = to.atMs - from.atMs;
  const database = from.databaseCpuMs === null || to.databaseCpuMs === null ? null : to.databaseCpuMs - from.databaseCpuMs;
  const all = Object.entries({ database, ...cpuMs });
  const cores = all.map(([name, used]) => [`${name}Cores`, used === null ? null : used / ms] as const);
  return { ...Object.fromEntries(cores), busyShare: busyShare(from.machine, to.machine) };
}

/** Connections of others than the bench to this database, and the memory of the largest of their backends. */
export async function readBackends(sql: Sql): Promise<{ connections: number; backendMiB: number | null }> {
  const rows = await sql.rows<{ pid: number }>(`
    select pid from pg_stat_activity
     where datname = current_database() and backend_type = 'client backend' and application_name not like 'bench%'`);
  const memory = rows.map(({ pid }) => memoryMiB(pid, 'own')).filter((mib) => mib !== null);
  return { connections: rows.length, backendMiB: memory.length === 0 ? null : Math.max(...memory) };
}
