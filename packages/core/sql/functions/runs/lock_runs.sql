-- Locks runs in the order of their ids, which is what keeps overlapping batches from deadlocking, and returns those that may be written
-- here now: at home here, and not of an older tenure (those are adopted first). Every function that changes existing runs begins with it.
-- Lock order: runs, then waiting messages, then steps and tasks; a reported task's own message is in flight, no claim looks at it, so it goes
-- last. Claims take waiting messages (skip locked), then tasks, and no run.
create or replace function workflow.lock_runs(p_run_ids uuid[])
  returns uuid[]
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
declare
  v_runs    uuid[];
  v_tenants text[];
  v_tenures text[];  -- <tenure>/<tenant> of each run
  v_home    text[];
begin
  select array_agg(l.run_id), array_agg(l.tenant_id), array_agg(l.home_epoch || '/' || l.tenant_id)
    into v_runs, v_tenants, v_tenures
    from (select r.run_id, r.tenant_id, r.home_epoch
            from unnest(p_run_ids) a(run_id)
            join workflow.workflow_runs r on r.run_id = a.run_id
           order by a.run_id
             for no key update of r) l;

  v_home := array(select h.home_epoch || '/' || h.tenant_id from workflow.assert_home(v_tenants) h);
  if (select bool_and(t = any (v_home)) from unnest(v_tenures) t) then
    return v_runs;
  end if;
  return array(select l.run_id from unnest(v_runs, v_tenures) l(run_id, tenure) where l.tenure = any (v_home));
end $$;
