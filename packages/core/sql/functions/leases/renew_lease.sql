-- More time for a lease that is held with this token. False means lost, or past its time: stop at once.
create or replace function workflow.renew_lease(p_name text, p_holder uuid, p_token bigint, p_ttl_ms int)
  returns boolean
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_now timestamptz;
begin
  perform from workflow.leases l where l.name = p_name for update;
  v_now := workflow.clock();  -- after the wait for the row, not before
  update workflow.leases l
     set expires_at = v_now + make_interval(secs => p_ttl_ms / 1000.0)
   where l.name = p_name and l.holder = p_holder and l.token = p_token and l.expires_at > v_now;
  return found;
end $$;
