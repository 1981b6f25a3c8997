-- Notes, before a move is proposed, for which epoch that is (R10): from now on it is given up only when that epoch has been decided otherwise. Only of
-- groups that are stopped, and whose target has confirmed all that was written until then.
-- Leader only (lease failover-monitor). Durable. Returns the groups that may be proposed for that epoch.
-- Errors:  WF302 lease_lost, WF605 not_the_next_epoch
create or replace function workflow.note_proposed_move(p_token bigint, p_epoch bigint, p_groups text[])
  returns setof text
  language plpgsql volatile security definer
  set search_path = ''
as $$
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  perform workflow.check_own_call(p_epoch);
  return query
    update workflow.group_moves g
       set proposed_epoch = p_epoch
      from workflow.observe_moves() m
     where g.placement_group = m.placement_group and m.placement_group = any (p_groups) and m.mark = 'stopped' and m.confirmed
    returning g.placement_group;
end $$;
