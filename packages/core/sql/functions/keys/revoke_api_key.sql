-- Ends an API key: here at once; in a mesh elsewhere when the log says so (D1). Twice is once.
-- Returns: whether every region knows: one region alone, or the log has it
-- Errors:  WF702 key_not_found; WF701 admin_key_needed: it is the last with role admin
create or replace function workflow.revoke_api_key(p_key_id uuid)
  returns boolean
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_now     timestamptz := workflow.clock();
  v_key     workflow.api_keys;
  v_in_mesh boolean := exists (select from workflow.mesh);
begin
  perform pg_advisory_xact_lock(hashtextextended('workflow.api_keys', 0));
  select * into v_key from workflow.api_keys k where k.key_id = p_key_id for update;
  if not found then
    perform workflow.refuse('WF702', format('there is no key %s', p_key_id), 'key_id');
  elsif v_key.revoked_at is null and v_key.role = 'admin' and not exists (
    select from workflow.api_keys k where k.role = 'admin' and k.key_id <> p_key_id and k.revoked_at is null and (k.expires_at is null or k.expires_at > v_now)) then
    perform workflow.refuse('WF701', 'it is the last key with role admin: make another one first', 'key_id');
  end if;
  if v_key.revoked_at is null then
    update workflow.api_keys k set revoked_at = v_now where k.key_id = p_key_id;
    if v_in_mesh then
      perform workflow.wish_for(array[jsonb_build_object('item', 'revoke', 'key_id', p_key_id)]);
    end if;
  end if;
  return not exists (select from workflow.log_wishes w where w.epoch is null and w.item ->> 'item' = 'revoke' and w.item ->> 'key_id' = p_key_id::text);
end $$;
