-- Makes an API key known, by its hash. One region alone: at once. In a mesh it is a wish: the key counts, here too, when the log has it (D1).
-- p_key:   {"key_id", "key_sha256": hex, "name", "role": tenant | operator | admin, "tenants": [...] of role tenant, "expires_at"}
-- Returns: whether it counts now
-- Errors:  WF001 invalid_request, WF701 admin_key_needed
create or replace function workflow.add_api_key(p_key jsonb)
  returns boolean
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_now timestamptz := workflow.clock();
  v_key workflow.api_keys;
begin
  perform pg_advisory_xact_lock(hashtextextended('workflow.api_keys', 0));
  perform workflow.check_key(p_key, v_now);
  select (p_key ->> 'key_id')::uuid, decode(p_key ->> 'key_sha256', 'hex'), p_key ->> 'name', p_key ->> 'role',
         array(select distinct t.id from jsonb_array_elements_text(coalesce(p_key -> 'tenants', '[]')) as t(id) order by 1), v_now,
         (p_key ->> 'expires_at')::timestamptz
    into v_key.key_id, v_key.key_sha256, v_key.name, v_key.role, v_key.tenants, v_key.created_at, v_key.expires_at;
  if exists (select from workflow.mesh) then
    perform workflow.wish_for(array[workflow.key_item(v_key)]);
    return false;
  end if;
  insert into workflow.api_keys select v_key.*;
  return true;
end $$;
