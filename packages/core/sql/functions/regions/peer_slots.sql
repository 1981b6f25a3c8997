-- What each peer has confirmed of this database's stream, from the slots here: for the quorum (R6), for the bound on lag (R16) and for its metrics.
-- healthy:      there is a slot, it is valid, and it is not ahead of our own log (then it is of another history)
-- whole:        the peer has said that its link, of this very slot, is whole
-- lag_bytes:    null without a slot: then everything is missing there, which is no lag of 0
-- left_bytes:   what may still be written here before the slot is lost; null without a bound (max_slot_wal_keep_size)
-- lag_seconds:  by the ledger: how long the oldest tick that is not confirmed has been over; null while no tick was closed
create or replace function workflow.peer_slots()
  returns table (member_id uuid, region text, zone text, state text, slot_name text, confirmed pg_lsn, flushed pg_lsn, lag_bytes bigint,
                 lag_seconds double precision, retained_bytes bigint, left_bytes bigint, active boolean, healthy boolean,
                 whole boolean)
  language sql stable security definer
  set search_path = ''
as $$
  select m.member_id, m.region, m.zone, m.state, s.slot_name::text, s.confirmed_flush_lsn, w.flushed,
         case when s.confirmed_flush_lsn is not null then greatest(0, w.flushed - s.confirmed_flush_lsn)::bigint end,
         extract(epoch from w.now - t.ended_at)::double precision,
         case when s.restart_lsn is not null then greatest(0, w.flushed - s.restart_lsn)::bigint end,
         s.safe_wal_size,
         coalesce(s.active, false),
         coalesce(s.invalidation_reason is null and s.wal_status <> 'lost' and s.confirmed_flush_lsn <= w.flushed, false),
         coalesce((k.report ->> 'whole')::boolean and k.report ->> 'slot' = s.slot_name, false)
    from (select pg_catalog.pg_current_wal_flush_lsn() as flushed, workflow.clock() as now) w
   cross join (select workflow.own_member() as member_id) i
    join workflow.region_members m on m.member_id <> i.member_id and m.state <> 'gone'
    left join lateral (
      select l.peer_report -> 'links' -> i.member_id::text as report from workflow.mesh_links l where l.member_id = m.member_id) k on true
    left join lateral (
      select x.* from pg_catalog.pg_replication_slots x
       where x.slot_type = 'logical' and not x.temporary and x.database = current_database()
         and starts_with(x.slot_name::text, 'sub_' || left(replace(m.member_id::text, '-', ''), 12) || '_from_'
                                                  || left(replace(i.member_id::text, '-', ''), 12))
       order by x.slot_name = k.report ->> 'slot' desc nulls last, x.active desc, x.inactive_since desc nulls first
       limit 1) s on true
    left join lateral (
      select min(c.ended_at) as ended_at from workflow.stream_ticks c where c.position > s.confirmed_flush_lsn) t on true
$$;
