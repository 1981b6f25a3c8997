-- assert_home for what is already there and is nearly always at home: whether all of these tenants may be written here now, each under the tenure that its
-- rows have. True: go on with all of them. False: ask assert_home which; the reason may be the lease, which is nobody's.
-- Half the cost of assert_home: no rows to hand back, nothing to compare with. One look for each element, so give each pair once.
-- For databases that belong to a mesh.
-- Locks:   the homes of all groups, shared, to the end of the transaction (share_home)
-- Errors:  WF620 unsafe_session
create or replace function workflow.all_at_home(p_tenants text[], p_tenures bigint[], p_new_work boolean default false)
  returns boolean
  language plpgsql volatile security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
as $$
begin
  if workflow.share_home() is null then
    return false;
  end if;
  return not exists (select from unnest(p_tenants, p_tenures) w(tenant_id, tenure)
                      where w.tenure is distinct from (select h.tenure from workflow.tenure_at_home(w.tenant_id, p_new_work) h limit 1));
end $$;
