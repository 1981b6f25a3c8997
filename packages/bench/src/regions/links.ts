// What travels between two regions of the bench, and how far it has come.
import { nowNs, until } from '../measure/clock.js';
import type { Region } from './region.js';

const LOOK_EVERY_MS = 5;
const LIMIT_MS = 180_000;
const SLOT = 'bench_sent';
/** Of a message of the protocol: type and length, and what stands before the change itself. */
const HEADER_BYTES = 30;
const INSERT = 73;
const UPDATE = 85;

/** The moment at which all that `from` has written by now is applied, flushed and confirmed by these. */
export async function caughtUp(from: Region, by: readonly Region[]): Promise<bigint> {
  const [row] = await from.sql.rows<{ lsn: string }>('select pg_current_wal_flush_lsn()::text as lsn');
  const names = await Promise.all(by.map((to) => subscriptionOf(to, from)));
  const text = 'select count(*) from pg_replication_slots where slot_name = any ($1) and confirmed_flush_lsn >= $2::pg_lsn';
  let atNs = 0n;
  const isSo = async (): Promise<boolean> => {
    const confirmed = await from.sql.number(text, [names, row!.lsn]);
    atNs = nowNs();
    return confirmed === names.length;
  };
  await until(`${by.map(({ region }) => region).join(' and ')} have all of ${from.region}`, isSo, {
    everyMs: LOOK_EVERY_MS,
    limitMs: LIMIT_MS,
  });
  return atNs;
}

/** Stops `to` from taking what `from` writes, until it is healed; the slot keeps it. */
export async function cut(to: Region, from: Region): Promise<void> {
  const name = await subscriptionOf(to, from);
  await to.sql.run(`alter subscription ${name} disable`);
  const isGone = async (): Promise<boolean> =>
    (await to.sql.number('select count(*) from pg_stat_subscription where subname = $1 and pid is not null', [name])) === 0;
  await until(`the worker of ${name} is gone`, isGone, { everyMs: LOOK_EVERY_MS, limitMs: LIMIT_MS });
}

export async function heal(to: Region, from: Region): Promise<void> {
  await to.sql.run(`alter subscription ${await subscriptionOf(to, from)} enable`);
}

/** What one peer is sent: bytes of the protocol, and rows. */
export interface Sent {
  readonly bytes: number;
  readonly rows: number;
}

/** Watches what `from` sends to `to`, by a slot of its own that decodes the same publication when it is asked. Costs nothing until then. */
export async function watchSent({ sql }: Region, to: Region): Promise<{ taken: () => Promise<Sent>; end: () => Promise<void> }> {
  const publication = await publicationTo(to);
  await sql.run(`select pg_create_logical_replication_slot($1, 'pgoutput')`, [SLOT]);
  return {
    taken: async () => {
      const [row] = await sql.rows<{ bytes: string | null; rows: string }>(
        `select sum(length(data) + ${HEADER_BYTES}) as bytes, count(*) filter (where get_byte(data, 0) in (${INSERT}, ${UPDATE})) as rows
           from pg_logical_slot_get_binary_changes($1, null, null, 'proto_version', '4', 'publication_names', $2, 'origin', 'none')`,
        [SLOT, publication],
      );
      return { bytes: Number(row!.bytes ?? 0), rows: Number(row!.rows) };
    },
    end: () => sql.run('select pg_drop_replication_slot($1)', [SLOT]),
  };
}

async function subscriptionOf(to: Region, from: Region): Promise<string> {
  const [row] = await to.sql.rows<{ name: string }>('select workflow.subscription_of($1) as name', [from.memberId]);
  return row!.name;
}

async function publicationTo(to: Region): Promise<string> {
  const [row] = await to.sql.rows<{ name: string }>('select workflow.publication_to($1) as name', [to.memberId]);
  return row!.name;
}
