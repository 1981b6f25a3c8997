-- Of each member that votes up to where it has confirmed this region's log (R6); null where its confirmation does not count (this region itself, one that
-- retires or copies, a link that is not whole, a slot that is not sound). Without a mesh: no row.
create or replace function workflow.observe_quorum()
  returns table (zone text, confirmed pg_lsn)
  language sql volatile security definer
  set search_path = ''
as $$
  select m.zone, case when m.state = 'full' and s.healthy and s.whole then s.confirmed end
    from workflow.region_members m
    left join workflow.peer_slots() s on s.member_id = m.member_id
   where m.state in ('full', 'retiring', 'copying')
$$;
