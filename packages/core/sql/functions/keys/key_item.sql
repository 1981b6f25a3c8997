-- A key as the log carries it: never the key itself, only its hash.
create or replace function workflow.key_item(p_key workflow.api_keys)
  returns jsonb
  language sql stable
  set search_path = ''
as $$
  select jsonb_build_object('item', 'key', 'key_id', p_key.key_id, 'key_sha256', encode(p_key.key_sha256, 'hex'), 'name', p_key.name, 'role', p_key.role,
                            'tenants', to_jsonb(p_key.tenants), 'created_at', p_key.created_at, 'expires_at', p_key.expires_at)
$$;
