-- Last step of a drain: the worker is gone. What it may still hold is requeued by the scheduler at its next tick.
create or replace function workflow.stop_worker(p_worker uuid)
  returns boolean
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_now timestamptz := workflow.clock();
begin
  update workflow.workflow_workers w
     set stopped_at = v_now, deprecated_at = coalesce(w.deprecated_at, v_now), running = 0
   where w.worker_id = p_worker and w.stopped_at is null;
  return found;
end $$;
