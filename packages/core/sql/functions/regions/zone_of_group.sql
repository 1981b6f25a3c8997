-- The zone that a placement group belongs to: of a tenant's own group the zone of the tenant, of the others the first half of the name.
create or replace function workflow.zone_of_group(p_group text)
  returns text
  language sql stable
  set search_path = ''
as $$
  select case when p_group like 'tenant/%'
              then (select r.residency from workflow.tenant_registry r where r.own_group = p_group)
              else split_part(p_group, '/', 1) end
$$;
