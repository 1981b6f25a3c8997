-- assert_home's look at the tables, once the locks are held and the lease is known to live (share_home); tenure_at_home has the rule.
create or replace function workflow.groups_at_home(p_tenants text[], p_new_work boolean, p_tick bigint)
  returns table (tenant_id text, home_epoch bigint, written_tick bigint)
  language plpgsql volatile security definer rows 1000
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
as $$
begin
  return query
    select t.tenant_id, h.tenure, p_tick
      from (select distinct u.tenant_id from unnest(p_tenants) as u(tenant_id)) t
     cross join lateral (select x.tenure from workflow.tenure_at_home(t.tenant_id, p_new_work) x limit 1) h;
end $$;
