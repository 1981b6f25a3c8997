-- The placement group of a tenant (R4): its own where the registry gives it one, else its hash group in its zone. Null: the mesh has zones and does not
-- know the tenant, or there is no such group.
create or replace function workflow.group_of(p_tenant text)
  returns text
  language sql stable security definer
  set search_path = ''
as $$
  select h.placement_group from workflow.home_of(array[p_tenant]) h
$$;
