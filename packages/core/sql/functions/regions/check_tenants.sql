-- Refuses what cannot be registered, before it gets into the log, where it would be passed over in silence: a tenant without an id, a zone that no member is
-- in, a fallback that is no region, is in another zone than the tenant, or is named twice.
-- p_tenants: [{"tenant_id", "residency", "fallback_regions", "default_durability", "split"}]; register_tenants says what each means
-- Limits:    1 to 1,000 tenants, 32 fallback regions each
-- Errors:    WF001 invalid_request, WF002 batch_too_large
create or replace function workflow.check_tenants(p_tenants jsonb)
  returns void
  language plpgsql
  set search_path = ''
as $$
declare
  v_tenant jsonb;
  v_zone   text;
begin
  if jsonb_typeof(p_tenants) is distinct from 'array' or jsonb_array_length(p_tenants) = 0 then
    perform workflow.refuse('WF001', 'tenants must be a list with at least one of them', 'tenants');
  elsif jsonb_array_length(p_tenants) > 1000 then
    perform workflow.refuse('WF002', 'at most 1000 tenants a command', 'tenants');
  end if;
  for v_tenant in select t from jsonb_array_elements(p_tenants) t loop
    v_zone := coalesce(v_tenant ->> 'residency', 'global');
    if coalesce(char_length(v_tenant ->> 'tenant_id'), 0) not between 1 and 128 then
      perform workflow.refuse('WF001', 'a tenant has an id of 1 to 128 characters', 'tenants.tenant_id');
    elsif v_zone <> 'global' and not exists (select from workflow.region_members m where m.zone = v_zone and m.state <> 'gone') then
      perform workflow.refuse('WF001', format('no region is in zone %s', v_zone), 'tenants.residency');
    elsif exists (select from workflow.tenant_registry r
                   where r.tenant_id = v_tenant ->> 'tenant_id' and v_tenant ? 'residency' and r.residency <> v_zone) then
      perform workflow.refuse('WF001', format('the zone of tenant %s never changes', v_tenant ->> 'tenant_id'), 'tenants.residency');
    elsif coalesce(v_tenant ->> 'default_durability', 'local') not in ('local', 'quorum') then
      perform workflow.refuse('WF001', 'default_durability is local or quorum', 'tenants.default_durability');
    end if;
    perform workflow.check_fallbacks(v_tenant);
  end loop;
end $$;
