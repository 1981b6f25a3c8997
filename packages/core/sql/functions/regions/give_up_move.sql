-- Gives up moves that have not been proposed, or whose epoch has been decided otherwise: the groups go on here at once (R10). Their waiting messages
-- are in the queues still.
-- Leader only (lease failover-monitor). Durable. Returns how many were given up. Errors: WF302 lease_lost
create or replace function workflow.give_up_move(p_token bigint, p_groups text[])
  returns int
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  v_count int;
begin
  perform set_config('synchronous_commit', 'on', true);
  perform workflow.assert_lease('failover-monitor', p_token);
  delete from workflow.group_moves g
   using workflow.mesh m
   where g.placement_group = any (p_groups) and (g.proposed_epoch is null or g.proposed_epoch <= m.last_epoch);
  get diagnostics v_count = row_count;
  return v_count;
end $$;
