-- The placement group of a tenant in a mesh (R4): its own where the registry gives it one, else its hash group in its zone; null where the mesh has zones
-- and does not know the tenant. Ask home_of; this is the part that it shares with the check of homes.
-- Inlined: the check asks it for each tenant at every claim and report; it names nothing that a search path could change.
create or replace function workflow.group_of_tenant(p_tenant text)
  returns table (placement_group text)
  language sql stable rows 1
as $$
  select coalesce((select coalesce(r.own_group, workflow.hash_group_of(r.residency, r.tenant_id)) from workflow.tenant_registry r where r.tenant_id = p_tenant),
                  case when not (select m.has_zones from workflow.mesh m) then workflow.hash_group_of('global', p_tenant) end)
$$;
