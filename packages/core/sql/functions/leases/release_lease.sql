-- Gives a lease up, so that the next holder need not wait for its end. False: it was not ours any more.
create or replace function workflow.release_lease(p_name text, p_holder uuid, p_token bigint)
  returns boolean
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_now timestamptz := workflow.clock();
begin
  update workflow.leases l
     set expires_at = least(l.expires_at, v_now)
   where l.name = p_name and l.holder = p_holder and l.token = p_token;
  return found;
end $$;
