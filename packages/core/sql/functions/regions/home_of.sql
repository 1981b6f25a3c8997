-- Where these tenants are at home, and under which tenure: the one place that knows (R4). In a mesh with zones a tenant that the registry does not know
-- has no group: a region that has not learned of its registration yet must not send its rows abroad.
-- One region alone: everybody is at home here, under tenure 1; the region has no name then.
-- Returns: one row per tenant, each once; all but tenant_id null where there is no home.
create or replace function workflow.home_of(p_tenants text[])
  returns table (tenant_id text, placement_group text, region text, member_id uuid, tenure bigint)
  language plpgsql stable security definer rows 1000
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
as $$
#variable_conflict use_column
begin
  if not exists (select from workflow.mesh) then
    return query
      select t.tenant_id, workflow.hash_group_of('global', t.tenant_id), null::text, workflow.own_member(), 1::bigint
        from (select distinct u.tenant_id from unnest(p_tenants) as u(tenant_id)) t;
    return;
  end if;

  return query
    select t.tenant_id, p.placement_group, p.region, p.member_id, p.tenure
      from (select distinct u.tenant_id from unnest(p_tenants) as u(tenant_id)) t
      left join lateral (select x.* from workflow.placement x
                          where x.placement_group = (select g.placement_group from workflow.group_of_tenant(t.tenant_id) g) limit 1) p on true;
end $$;
