-- Locks runs in the order of their ids, which is what keeps overlapping batches from deadlocking, and says which of them may be written
-- here (home) and which of those are paused (their new tasks get no message). Every function that changes existing runs begins with it.
-- Lock order everywhere: runs, then messages of the queue, then steps and tasks. Claims take messages, then tasks, and skip the first two.
create or replace function workflow.lock_runs(p_run_ids uuid[], out home uuid[], out paused uuid[])
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
declare
  v_tenants text[] := array(
    select distinct h.tenant_id
      from workflow.assert_home(array(select distinct r.tenant_id from workflow.workflow_runs r where r.run_id = any (p_run_ids))) h);
begin
  select coalesce(array_agg(l.run_id), '{}'), coalesce(array_agg(l.run_id) filter (where l.status = 'paused'), '{}')
    into home, paused
    from (select r.run_id, r.status
            from workflow.workflow_runs r
           where r.run_id = any (p_run_ids) and r.tenant_id = any (v_tenants)
           order by r.run_id
             for no key update) l;
end $$;
