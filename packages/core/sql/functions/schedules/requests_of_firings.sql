-- The requests of start_runs that these firings come to, one a slot, in the order of firings and slots. Schedules are looked up as in judge_firings.
create or replace function workflow.requests_of_firings(p_firings workflow.schedule_firing[])
  returns jsonb
  language sql stable security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
  select coalesce(jsonb_agg(workflow.schedule_request(s.schedule, slot.at) order by f.ordinal, slot.at), '[]')
    from unnest(p_firings) f
   cross join lateral (
     select t as schedule from workflow.workflow_schedules t
      where t.tenant_id = f.tenant_id and t.name = f.name and t.residency = 'global' limit 1) s
   cross join unnest(f.slots) slot(at)
   where f.verdict = 'fired'
$$;
