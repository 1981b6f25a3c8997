-- How far this region's log is flushed, and by zone up to where a quorum has confirmed it (quorum_of), in one look. Without a mesh, and where nobody else
-- votes, needed is 0.
create or replace function workflow.quorum_positions()
  returns table (flushed pg_lsn, zone text, needed int, confirmed pg_lsn)
  language sql volatile security definer
  set search_path = ''
as $$
  with seen as materialized (
    select array_agg(q.zone) as zones, array_agg(q.confirmed) as confirmed from workflow.observe_quorum() q
  )
  select pg_current_wal_flush_lsn(), z.zone, k.needed, k.confirmed
    from seen
   cross join (select 'global' as zone union select m.zone from workflow.region_members m) z
   cross join lateral workflow.quorum_of(z.zone, seen.zones, seen.confirmed) k
$$;
