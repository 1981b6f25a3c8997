-- Takes versions and API keys into what everybody reads (D1): {"by": member id, "items": [...]}, in their order, so that all members end alike:
--   {"item": "version", "slug", "definition_id", "active"}   content that no version has is the next version, and active if it says so
--   {"item": "activate", "slug", "definition_id"}            a start by slug takes that version
--   {"item": "key", "key_id", "key_sha256", "name", "role", "tenants", "created_at", "expires_at"}; {"item": "revoke", "key_id"}
-- What cannot be is learned as nothing. A wish of this region that is one of the items is over, whoever proposed it. For the SQL of learning only.
-- Locks:  arrivals of definitions, to the end of the transaction (lock_versions)
create or replace function workflow.learn_catalog(p_epoch bigint, p_value jsonb, p_decided_at timestamptz)
  returns void
  language plpgsql
  set search_path = ''
as $$
declare
  v_item    jsonb;
  v_outcome text;
begin
  perform workflow.lock_versions();
  for v_item in select i.value from jsonb_array_elements(p_value -> 'items') with ordinality as i(value, at) order by i.at loop
    v_outcome := case v_item ->> 'item'
      when 'version'  then workflow.decide_version(p_epoch, v_item, p_decided_at)
      when 'activate' then workflow.decide_activation(p_epoch, v_item, p_decided_at)
      when 'key'      then workflow.decide_key(p_epoch, v_item)
      when 'revoke'   then workflow.decide_revocation(v_item, p_decided_at)
    end;
    update workflow.log_wishes w set epoch = p_epoch, outcome = v_outcome where w.epoch is null and md5(w.item::text) = md5(v_item::text);
  end loop;
end $$;
