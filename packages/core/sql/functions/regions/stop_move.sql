-- Stops groups that have drained (R10): from here on nothing of them is written. The position that is noted lies behind all that ever was, for every
-- writer has committed before the lock is had; when the target has confirmed it, the move may be proposed.
-- Leader only (lease failover-monitor). Durable. Returns how many of the groups are stopped now; one that may not be yet (observe_moves) stays as it is.
-- Locks:   the homes of all groups, for itself (seize_home)
-- Errors:  WF302 lease_lost, 55P03 lock_not_available: try again
create or replace function workflow.stop_move(p_token bigint, p_groups text[])
  returns int
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  v_drained text[];
begin
  perform set_config('synchronous_commit', 'on', true);
  perform workflow.assert_lease('failover-monitor', p_token);
  v_drained := array(select m.placement_group from workflow.observe_moves() m where m.placement_group = any (p_groups) and m.may_stop);
  if cardinality(v_drained) > 0 then
    perform workflow.seize_home();
    update workflow.group_moves g
       set mark = 'stopped', stopped_position = pg_current_wal_insert_lsn()
     where g.placement_group = any (v_drained) and g.mark = 'draining';
  end if;
  return (select count(*) from workflow.group_moves g where g.placement_group = any (p_groups) and g.mark = 'stopped');
end $$;
