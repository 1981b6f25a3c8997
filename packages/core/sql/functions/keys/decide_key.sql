-- Learns an API key. One that was revoked here meanwhile stays revoked. For the SQL of learning only.
-- Returns: a sentence: what became of it
create or replace function workflow.decide_key(p_epoch bigint, p_item jsonb)
  returns text
  language plpgsql
  set search_path = ''
as $$
declare
  v_id uuid := (p_item ->> 'key_id')::uuid;
begin
  insert into workflow.api_keys (key_id, key_sha256, name, role, tenants, created_at, expires_at, epoch)
    values (v_id, decode(p_item ->> 'key_sha256', 'hex'), p_item ->> 'name', p_item ->> 'role',
            array(select t.id from jsonb_array_elements_text(p_item -> 'tenants') as t(id)), (p_item ->> 'created_at')::timestamptz,
            (p_item ->> 'expires_at')::timestamptz, p_epoch)
    on conflict do nothing;
  update workflow.api_keys k set epoch = p_epoch where k.key_id = v_id and k.epoch is null;
  return format('key %s (%s) counts everywhere', v_id, p_item ->> 'role');
end $$;
