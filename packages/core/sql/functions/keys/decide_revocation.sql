-- Learns that an API key counts no more. For the SQL of learning only.
-- Returns: a sentence: what became of it
create or replace function workflow.decide_revocation(p_item jsonb, p_decided_at timestamptz)
  returns text
  language plpgsql
  set search_path = ''
as $$
begin
  update workflow.api_keys k set revoked_at = p_decided_at where k.key_id = (p_item ->> 'key_id')::uuid;
  return format('key %s is revoked everywhere', p_item ->> 'key_id');
end $$;
