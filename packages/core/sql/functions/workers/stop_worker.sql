-- Last step of a drain: the worker is gone. What it may still hold is requeued by the scheduler at its next tick. The last worker of a group that
-- leads (active-passive) gives the lease up with it.
-- Locks:  the lease orchestrator:leader, where the worker has a group; then the worker
create or replace function workflow.stop_worker(p_worker uuid)
  returns boolean
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_now   timestamptz := workflow.clock();
  v_group text;
begin
  select w.orchestrator_group into v_group from workflow.workflow_workers w where w.worker_id = p_worker;
  if v_group is not null then
    perform from workflow.leases l where l.name = 'orchestrator:leader' for update;
    v_now := workflow.clock();
  end if;
  update workflow.workflow_workers w
     set stopped_at = v_now, deprecated_at = coalesce(w.deprecated_at, v_now), running = 0
   where w.worker_id = p_worker and w.stopped_at is null;
  if not found then
    return false;
  end if;
  if v_group is not null then
    perform workflow.leave_group(v_group, v_now);
  end if;
  return true;
end $$;
