-- What a poller of quorums must know, in one look (R6): how far this region's log is flushed, and of each member that votes up to where it has confirmed
-- it; null where its confirmation does not count (this region itself, one that retires or copies, a link that is not whole, a slot that is not sound).
-- Without a mesh: no row.
create or replace function workflow.observe_quorum()
  returns table (flushed pg_lsn, zone text, confirmed pg_lsn)
  language sql volatile security definer
  set search_path = ''
as $$
  select pg_current_wal_flush_lsn(), m.zone, case when m.state = 'full' and s.healthy and s.whole then s.confirmed end
    from workflow.region_members m
    left join workflow.peer_slots() s on s.member_id = m.member_id
   where m.state in ('full', 'retiring', 'copying')
$$;
