-- Enters tenants into the registry and splits some off into a group of their own (R4): {"by": member id, "tenants": [{"tenant_id", "residency",
-- "fallback_regions", "default_durability", "split": boolean}]}. A tenant's zone never changes, and a mesh without zones has no other than `global`. A
-- split is the home's to propose: it stays at the same home, with the same tenure and history; it is learned as nothing where "by" is not that home.
-- For the SQL of learning only.
create or replace function workflow.register_tenants(p_epoch bigint, p_value jsonb)
  returns void
  language plpgsql
  set search_path = ''
as $$
declare
  v_tenant jsonb;
  v_id     text;
  v_zones  boolean := (select m.has_zones from workflow.mesh m);
  v_group  text;
begin
  for v_tenant in select t from jsonb_array_elements(p_value -> 'tenants') t loop
    v_id := v_tenant ->> 'tenant_id';
    continue when v_id is null or not v_zones and coalesce(v_tenant ->> 'residency', 'global') <> 'global';
    insert into workflow.tenant_registry as r (tenant_id, residency, fallback_regions, default_durability, epoch)
      values (v_id, coalesce(v_tenant ->> 'residency', 'global'),
              coalesce((select array_agg(f.region) from jsonb_array_elements_text(v_tenant -> 'fallback_regions') as f(region)), '{}'),
              case when v_tenant ->> 'default_durability' = 'quorum' then 'quorum' else 'local' end, p_epoch)
      on conflict (tenant_id) do update
         set fallback_regions   = case when v_tenant ? 'fallback_regions' then excluded.fallback_regions else r.fallback_regions end,
             default_durability = case when v_tenant ? 'default_durability' then excluded.default_durability else r.default_durability end,
             epoch              = excluded.epoch;
    continue when not coalesce((v_tenant ->> 'split')::boolean, false);
    v_group := workflow.group_of(v_id);
    insert into workflow.placement (placement_group, region, member_id, tenure, split_from, split_tenure)
    select 'tenant/' || v_id, p.region, p.member_id, p.tenure, v_group, p.tenure
      from workflow.placement p
     where p.placement_group = v_group and v_group not like 'tenant/%' and p.member_id = (p_value ->> 'by')::uuid;
    continue when not found;
    insert into workflow.placement_history (placement_group, tenure, region, member_id)
    select 'tenant/' || v_id, h.tenure, h.region, h.member_id from workflow.placement_history h where h.placement_group = v_group;
    update workflow.tenant_registry r set own_group = 'tenant/' || v_id where r.tenant_id = v_id;
  end loop;
end $$;
