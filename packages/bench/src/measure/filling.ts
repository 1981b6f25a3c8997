// The filling of a database as it goes on: says how far it is, gives up when it takes longer than it may or when the disk would not hold it, and
// tells what it took.
import { existsSync, statfsSync } from 'node:fs';
import type { Sql } from '../database.js';
import type { Round } from './statistics.js';

const SAY_EVERY_MS = 5_000;
/** Of the free disk; the write-ahead log and the rounds need room too. */
const DISK_SHARE_MAX = 0.8;
const GIB = 2 ** 30;

const SIZES = `
  select c.relname as name, pg_total_relation_size(c.oid)::float8 as bytes, pg_indexes_size(c.oid)::float8 as indexes
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
   where c.relkind = 'r' and n.nspname !~ '^(pg_|information_schema$)' and pg_total_relation_size(c.oid) > 1048576
   order by bytes desc limit 5`;

export interface FillingOptions {
  readonly runs: number;
  readonly limitSeconds: number;
  readonly log: (line: string) => void;
}

export class Filling {
  private readonly beganMs = performance.now();
  private saidMs = 0;

  private constructor(
    private readonly sql: Sql,
    private readonly options: FillingOptions,
    private readonly folder: string,
    private readonly bytesBefore: number,
  ) {}

  static async begin(sql: Sql, options: FillingOptions): Promise<Filling> {
    const [row] = await sql.rows<{ folder: string }>(`select current_setting('data_directory') as folder`);
    return new Filling(sql, options, row!.folder, await sizeOf(sql));
  }

  /** `done` runs are in. Throws when the rest would take too long or too much. */
  async note(done: number): Promise<void> {
    const { runs, limitSeconds, log } = this.options;
    const { seconds } = this;
    if (done < runs && seconds > limitSeconds)
      throw new Error(`not within ${limitSeconds} s: ${count(done)} of ${count(runs)} finished runs are in the tables`);
    if (done < runs && performance.now() - this.saidMs < SAY_EVERY_MS) return;
    this.saidMs = performance.now();
    const takenGiB = ((await sizeOf(this.sql)) - this.bytesBefore) / GIB;
    const freeGiB = freeGiBOf(this.folder);
    const free = freeGiB === null ? '' : `, ${freeGiB.toFixed(1)} GiB free`;
    log(`${count(done)} of ${count(runs)} finished runs after ${seconds.toFixed(1)} s: ${takenGiB.toFixed(2)} GiB${free}`);
    const mistake = freeGiB === null ? null : tooLarge({ done, runs, takenGiB, freeGiB });
    if (mistake !== null) throw new Error(mistake);
  }

  /** What it took, for every round that comes after; said in full. */
  async end(): Promise<Round> {
    const { runs, log } = this.options;
    const bytes = (await sizeOf(this.sql)) - this.bytesBefore;
    for (const { name, bytes: all, indexes } of await this.sql.rows<{ name: string; bytes: number; indexes: number }>(SIZES))
      log(`${name}: ${(all / GIB).toFixed(2)} GiB, of it ${(indexes / GIB).toFixed(2)} indexes`);
    log(`${count(runs)} finished runs: ${(bytes / GIB).toFixed(2)} GiB, ${Math.round(bytes / runs)} bytes each`);
    return { historyRuns: runs, diskBytesPerRun: bytes / runs, fillSeconds: this.seconds };
  }

  private get seconds(): number {
    return (performance.now() - this.beganMs) / 1_000;
  }
}

/** So much must be in before the rest is estimated from it: files grow by leaps. */
const SAMPLE_SHARE = 0.005;

/** A sentence when what is left will not fit; null while it will. */
export function tooLarge({ done, runs, takenGiB, freeGiB }: Record<'done' | 'runs' | 'takenGiB' | 'freeGiB', number>): string | null {
  if (done < runs * SAMPLE_SHARE) return null;
  const neededGiB = (takenGiB / done) * (runs - done);
  if (neededGiB <= freeGiB * DISK_SHARE_MAX) return null;
  return `${count(runs - done)} more runs need about ${neededGiB.toFixed(0)} GiB; ${freeGiB.toFixed(0)} GiB are free`;
}

const sizeOf = (sql: Sql): Promise<number> => sql.number('select pg_database_size(current_database())');
const count = (runs: number): string => runs.toLocaleString('en-US');

/** Null where the server's folder is not on this machine. */
function freeGiBOf(folder: string): number | null {
  if (!existsSync(folder)) return null;
  const { bavail, bsize } = statfsSync(folder);
  return (bavail * bsize) / GIB;
}
