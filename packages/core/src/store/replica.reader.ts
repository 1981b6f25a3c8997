// What a replica can say of itself: of which time it is, and how it is fed. Asked at the replica.
//
// Of which time: the newest moment at the primary of which the replica is known to have everything that was committed before. A physical standby has
// the time of the last commit that it replayed. A logical one has the newest heartbeat that it was sent: transactions arrive in the order of their
// commits, so that everything before that heartbeat is there (`latest_end_time` of its subscription says when a message came, though its transaction
// may not be applied yet). Both move while anything of the region lives, for every service writes a heartbeat every HEARTBEAT_INTERVAL_MS; neither
// moves while the link is cut, however empty its queue looks: that is why "received is replayed" is not taken for "up to date".
// Limit: a logical replica with one subscription. Clocks: `asOf` is the primary's, `now` the replica's.
import type { Database } from './database.js';

export type ReplicaKind = 'physical' | 'logical' | 'none';

export interface ReplicaSeen {
  /** `none`: a server that may be written and subscribes to nothing. */
  kind: ReplicaKind;
  /** Null: not known (no commit was replayed since it started, or its tables are still being copied). */
  asOf: Date | null;
  now: Date;
  /** Replay was paused by hand. */
  paused: boolean;
  /** Tables of a subscription are still being copied. */
  copying: boolean;
  subscriptions: { name: string; connected: boolean }[];
  /** Where the primary's services say they are; null where none ever was. */
  region: string | null;
}

const SEEN = `
  with heard as (
    select w.last_heartbeat_at as at, w.region from workflow.workflow_workers w order by w.last_heartbeat_at desc limit 1
  ), fed as (
    select s.oid, s.subname as name,
           exists (select from pg_catalog.pg_stat_subscription t where t.subid = s.oid and t.relid is null and t.pid is not null) as connected,
           exists (select from pg_catalog.pg_subscription_rel r where r.srsubid = s.oid and r.srsubstate <> 'r') as copying
      from pg_catalog.pg_subscription s join pg_catalog.pg_database d on d.oid = s.subdbid
     where d.datname = current_database() and not pg_is_in_recovery() -- a standby has the rows of its primary's
  ), feeds as (
    select coalesce(jsonb_agg(jsonb_build_object('name', f.name, 'connected', f.connected) order by f.name), '[]') as subscriptions,
           count(*) > 0 as some, coalesce(bool_or(f.copying), false) as copying
      from fed f
  )
  select case when pg_is_in_recovery() then 'physical' when f.some then 'logical' else 'none' end as kind,
         case when not f.copying then greatest((select h.at from heard h), case when pg_is_in_recovery() then pg_last_xact_replay_timestamp() end) end as as_of,
         clock_timestamp() as now,
         case when pg_is_in_recovery() then pg_get_wal_replay_pause_state() <> 'not paused' else false end as paused,
         f.copying, f.subscriptions, (select h.region from heard h) as region
    from feeds f`;

export class ReplicaReader {
  constructor(private readonly db: Database) {}

  /** One look. Throws as Database does. */
  async look(): Promise<ReplicaSeen> {
    const [seen] = await this.db.query<ReplicaSeen>(SEEN, [], 'replica');
    return seen!;
  }
}
