-- The requests of start_runs that these firings come to, one a slot, in the order of firings and slots.
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
  select coalesce(jsonb_agg(workflow.schedule_request(s, slot.at) order by f.ordinal, slot.at), '[]')
    from unnest(p_firings) f
    join workflow.workflow_schedules s on s.tenant_id = f.tenant_id and s.name = f.name and s.residency = 'global'
   cross join unnest(f.slots) slot(at)
   where f.verdict = 'fired'
$$;
