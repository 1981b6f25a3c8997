-- Removes rows of workers that have been gone for longer than the retention and hold nothing any more. Returns how many.
-- Leader only (lease failover-monitor). Errors: WF302 lease_lost
create or replace function workflow.prune_workers(p_token bigint, p_retention_ms bigint, p_limit int)
  returns int
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_before timestamptz := workflow.clock() - p_retention_ms * interval '1 millisecond';
  v_pruned int;
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  delete from workflow.workflow_workers w
   using (select s.worker_id
            from workflow.workflow_workers s
           where coalesce(s.stopped_at, s.expired_at) < v_before
             and (s.app <> 'executor' or s.tasks_requeued_at is not null)
           limit p_limit
             for update skip locked) gone
   where w.worker_id = gone.worker_id;
  get diagnostics v_pruned = row_count;
  return v_pruned;
end $$;
