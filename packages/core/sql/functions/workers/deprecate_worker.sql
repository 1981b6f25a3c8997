-- First step of a drain: from now on the worker claims nothing. True when it was active until now.
create or replace function workflow.deprecate_worker(p_worker uuid)
  returns boolean
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_now timestamptz := workflow.clock();
begin
  update workflow.workflow_workers w
     set deprecated_at = v_now
   where w.worker_id = p_worker and w.deprecated_at is null and w.stopped_at is null;
  return found;
end $$;
