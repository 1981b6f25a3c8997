-- Refuses fallback regions of a tenant that could not be honoured, by name (check_tenants).
-- p_tenant: {"tenant_id", "residency", "fallback_regions"}; without residency: as it is registered, else global
-- Limits:   32 regions
-- Errors:   WF001 invalid_request: the fact region names the first that does not fit, regions those that do
create or replace function workflow.check_fallbacks(p_tenant jsonb)
  returns void
  language plpgsql
  set search_path = ''
as $$
declare
  v_given   jsonb := coalesce(p_tenant -> 'fallback_regions', '[]');
  v_zone    text := coalesce(p_tenant ->> 'residency',
                             (select r.residency from workflow.tenant_registry r where r.tenant_id = p_tenant ->> 'tenant_id'), 'global');
  v_regions text[] := array(select m.region from workflow.region_members m
                             where m.state <> 'gone' and v_zone in ('global', m.zone) order by m.region);
  v_name    text;
  v_why     text;
begin
  if jsonb_typeof(v_given) <> 'array' or jsonb_array_length(v_given) > 32 then
    perform workflow.refuse('WF001', 'fallback_regions must be a list of at most 32 regions', 'fallback_regions');
  end if;
  select f.region, case when m.region is null         then 'it is no region of this mesh'
                        when m.region <> all (v_regions) then format('it is in zone %s, the tenant in %s', m.zone, v_zone)
                        else 'it is named twice' end
    into v_name, v_why
    from jsonb_array_elements_text(v_given) with ordinality f(region, place)
    left join workflow.region_members m on m.region = f.region and m.state <> 'gone'
   where f.region <> all (v_regions)
      or exists (select from jsonb_array_elements_text(v_given) with ordinality g(region, place) where g.region = f.region and g.place < f.place)
   order by f.place
   limit 1;
  if v_name is not null then
    perform workflow.refuse('WF001', format('fallback_regions cannot have %s: %s', v_name, v_why), 'fallback_regions',
                            jsonb_build_object('region', v_name, 'regions', v_regions));
  end if;
end $$;
