-- Asks the log of the home, or of its successor, whether the API keys of submissions that other regions took still count (R12): what was asked with one that
-- is revoked, has expired or is of another tenant is refused, durably. A key that this log does not know yet is waited for, up to ten minutes.
-- p_requests: of tenants that are at home here
-- Returns:    those that may start
create or replace function workflow.judge_request_keys(p_requests workflow.run_requests[])
  returns workflow.run_requests[]
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_now     timestamptz := workflow.clock();
  v_invalid uuid[];
begin
  if not exists (select from unnest(p_requests) q where q.key_id is not null) then
    return p_requests;
  end if;
  v_invalid := array(
    select q.request_id
      from unnest(p_requests) q
      left join workflow.api_keys k on k.key_id = q.key_id
     where q.key_id is not null
       and (k.revoked_at is not null or k.expires_at <= v_now or k.role = 'tenant' and q.tenant_id <> all (k.tenants)
            or k.key_id is null and q.requested_at <= v_now - interval '10 minutes'));
  insert into workflow.run_request_outcomes (request_id, residency, home_epoch, written_tick, outcome, code, message, decided_at)
    select q.request_id, q.residency, h.home_epoch, h.written_tick, 'refused', 'key_not_valid', 'the API key that it came with counts no more', v_now
      from unnest(p_requests) q
      join workflow.assert_home(array(select distinct x.tenant_id from unnest(p_requests) x), true) h on h.tenant_id = q.tenant_id
     where q.request_id = any (v_invalid)
    on conflict do nothing;
  return array(
    select q from unnest(p_requests) q
     where q.request_id <> all (v_invalid)
       and (q.key_id is null or exists (select from workflow.api_keys k where k.key_id = q.key_id))
     order by q.request_id);
end $$;
