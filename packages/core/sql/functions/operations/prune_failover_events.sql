-- Removes the oldest events beyond the newest failover_events_max. Changes of leaders are few and stay: the monitor compares what it sees with the
-- last one of each lease. Leader only (lease failover-monitor). Limit: p_limit events a call; call again while it is reached. Returns how many.
-- Errors:  WF302 lease_lost
create or replace function workflow.prune_failover_events(p_token bigint, p_limit int)
  returns int
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_newest bigint;
  v_pruned int;
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  perform workflow.check_batch(p_limit, 'limit');
  select max(e.event_id) into v_newest from workflow.failover_events e;
  delete from workflow.failover_events e
   using (select o.event_id
            from workflow.failover_events o
           where o.event_id <= v_newest - workflow.limit_of('failover_events_max') and o.kind <> 'leader_changed'
           order by o.event_id
           limit p_limit) old
   where e.event_id = old.event_id;
  get diagnostics v_pruned = row_count;
  return v_pruned;
end $$;
