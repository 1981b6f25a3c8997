-- Refuses an API key that is not one, before it gets into a table or the log, where it would be passed over in silence.
-- Limits:  api_keys_max keys that count; key_tenants_max tenants of one; a name of 1 to 128 characters
-- Errors:  WF001 invalid_request, WF701 admin_key_needed
create or replace function workflow.check_key(p_key jsonb, p_now timestamptz)
  returns void
  language plpgsql stable
  set search_path = ''
as $$
declare
  v_role    text  := p_key ->> 'role';
  v_tenants jsonb := coalesce(p_key -> 'tenants', '[]');
  v_max     bigint := workflow.limit_of('key_tenants_max');
begin
  if v_role is null or v_role not in ('tenant', 'operator', 'admin') then
    perform workflow.refuse('WF001', format('there is no role %s', coalesce(v_role, 'null')), 'role');
  elsif coalesce(char_length(p_key ->> 'name'), 0) not between 1 and 128 then
    perform workflow.refuse('WF001', 'a key has a name of 1 to 128 characters', 'name');
  elsif coalesce(p_key ->> 'key_sha256' !~ '^[0-9a-f]{64}$', true) then
    perform workflow.refuse('WF001', 'key_sha256 is the sha256 of the key, in hex', 'key_sha256');
  elsif (p_key ->> 'expires_at')::timestamptz <= p_now then
    perform workflow.refuse('WF001', 'a key expires in the future, or never', 'expires_at');
  elsif jsonb_typeof(v_tenants) <> 'array' or (v_role = 'tenant') <> (jsonb_array_length(v_tenants) > 0) then
    perform workflow.refuse('WF001', 'a key of role tenant names its tenants, and no other key does', 'tenants');
  elsif jsonb_array_length(v_tenants) > v_max then
    perform workflow.refuse('WF001', format('at most %s tenants a key', v_max), 'tenants', jsonb_build_object('key_tenants_max', v_max));
  elsif exists (select from jsonb_array_elements_text(v_tenants) as t(id)
                 where char_length(t.id) not between 1 and workflow.limit_of('tenant_id_chars_max')) then
    perform workflow.refuse('WF001', 'tenants must be ids of tenants', 'tenants');
  elsif (select count(*) from workflow.api_keys k where k.revoked_at is null and (k.expires_at is null or k.expires_at > p_now))
        >= workflow.limit_of('api_keys_max') then
    perform workflow.refuse('WF001', format('there are %s keys already', workflow.limit_of('api_keys_max')), 'keys');
  elsif v_role <> 'admin' and not exists (select from workflow.api_keys k where k.role = 'admin' and k.revoked_at is null
                                                                            and (k.expires_at is null or k.expires_at > p_now)) then
    perform workflow.refuse('WF701', 'the first key has role admin: with the first key nobody gets in without one, and only an admin makes more', 'role');
  end if;
end $$;
