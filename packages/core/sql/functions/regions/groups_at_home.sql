-- assert_home's look at the tables, once the locks are held and the lease is known to live: home, marker (adopted_group) and mark.
create or replace function workflow.groups_at_home(p_tenants text[], p_new_work boolean, p_tick bigint)
  returns table (tenant_id text, home_epoch bigint, written_tick bigint)
  language plpgsql volatile security definer rows 1000
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
as $$
declare
  v_own uuid := workflow.own_member();
begin
  return query
    select h.tenant_id, h.tenure, p_tick
      from workflow.home_of(p_tenants) h
     cross join lateral (select from workflow.adopted_group(h.placement_group) limit 1) p
     where h.member_id = v_own
       and not exists (select from workflow.group_moves m
                        where m.placement_group = h.placement_group and (m.mark = 'stopped' or p_new_work));
end $$;
