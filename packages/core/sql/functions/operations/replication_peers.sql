-- Who copies from this server, physically or logically, and how much of the write-ahead log is kept for whom: one row for each replication slot, and
-- for each connected peer without one. Whole server, other databases' slots included: they fill the same disk.
-- lag_bytes:      what the peer has not applied; where that cannot be seen, what it has not confirmed. Null: it never connected, or its slot is lost.
-- retained_bytes: what the server keeps because of the slot. Null without a slot, or with a lost one.
-- Security definer: the positions of peers are shown to members of pg_read_all_stats, which roles.sql makes the owner where it may.
create or replace function workflow.replication_peers()
  returns table (peer text, kind text, slot text, connected boolean, state text, lag_bytes bigint, retained_bytes bigint, lost boolean)
  language sql stable security definer
  set search_path = ''
as $$
  select coalesce(s.slot_name::text, nullif(w.application_name, ''), 'unknown'),
         coalesce(s.slot_type, 'physical'),
         s.slot_name::text,
         w.pid is not null,
         w.state,
         case when d.lag is not null then greatest(0, d.lag) end::bigint,  -- a peer may get ahead between two looks
         case when d.retained is not null then greatest(0, d.retained) end::bigint,
         coalesce(s.wal_status = 'lost', false)
    from (select case when pg_is_in_recovery() then pg_last_wal_replay_lsn() else pg_current_wal_lsn() end as lsn) h
   cross join (pg_catalog.pg_replication_slots s full join pg_catalog.pg_stat_replication w on w.pid = s.active_pid)
   cross join lateral (
     select pg_wal_lsn_diff(h.lsn, coalesce(w.replay_lsn, s.confirmed_flush_lsn, s.restart_lsn)) as lag,
            pg_wal_lsn_diff(h.lsn, s.restart_lsn) as retained) d
   where s.temporary is not true and w.state is distinct from 'backup'
   order by 1
   limit 1000
$$;
