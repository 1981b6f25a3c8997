-- Tenants that this region may propose to give groups of their own (R4): they are at home here behind the home's own marker, and their group is not on its
-- way elsewhere. One that is being adopted would leave the rows behind that its group's adoption still has to bring.
-- p_tenants: of these those that may be split off and were not; null: all that want it, for they have fallback regions
-- Limit:     1,000, by name
create or replace function workflow.tenants_to_split(p_tenants text[] default null)
  returns setof text
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  v_tenants text[] := coalesce(p_tenants, array(select r.tenant_id
                                                  from workflow.tenant_registry r
                                                 where r.own_group is null and cardinality(r.fallback_regions) > 0));
begin
  return query
    select h.tenant_id
      from workflow.home_of(v_tenants) h
     where h.member_id = workflow.own_member()
       and h.placement_group not like 'tenant/%'
       and exists (select from workflow.adopted_group(h.placement_group))
       and not exists (select from workflow.group_moves m where m.placement_group = h.placement_group)
     order by h.tenant_id
     limit 1000;
end $$;
