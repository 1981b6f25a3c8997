-- Raises the token and ends the lease: whoever believes in an older token is refused from now on, and everybody must acquire anew.
-- Returns the new token; null when there is no such lease.
create or replace function workflow.fence_lease(p_name text)
  returns bigint
  language sql volatile security definer
  set search_path = ''
as $$
  update workflow.leases l
     set token = l.token + 1, expires_at = least(l.expires_at, workflow.clock())
   where l.name = p_name
  returning l.token
$$;
