-- Takes a lease that is free or past its time; the token rises by one with every new holder. Whoever holds it already gets the same
-- token and more time. Otherwise the answer says who holds it.
-- Limits:  p_ttl_ms from 100 ms to 10 minutes
-- Returns: acquired; the holder's token and end; the former holder and for how long nobody led (ms), when it changed hands
create or replace function workflow.acquire_lease(p_name text, p_holder uuid, p_ttl_ms int)
  returns table (acquired boolean, token bigint, holder uuid, expires_at timestamptz, former uuid, without_ms bigint)
  language plpgsql security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_now   timestamptz := workflow.clock();
  v_until timestamptz := v_now + make_interval(secs => p_ttl_ms / 1000.0);
  v_seen  workflow.leases;
begin
  if p_ttl_ms is null or p_ttl_ms not between 100 and 600000 then
    perform workflow.refuse('WF001', format('a lease lasts from 100 ms to 600000 ms, not %s', p_ttl_ms), 'ttl_ms');
  end if;

  insert into workflow.leases as l (name, holder, token, acquired_at, expires_at)
    values (p_name, p_holder, 1, v_now, v_until)
    on conflict (name) do nothing;
  if found then
    return query select true, 1::bigint, p_holder, v_until, null::uuid, null::bigint;
    return;
  end if;

  select * into v_seen from workflow.leases l where l.name = p_name for update;
  v_now   := workflow.clock();  -- we may have waited for the row
  v_until := v_now + make_interval(secs => p_ttl_ms / 1000.0);

  if v_seen.expires_at > v_now and v_seen.holder <> p_holder then
    return query select false, v_seen.token, v_seen.holder, v_seen.expires_at, null::uuid, null::bigint;
  elsif v_seen.expires_at > v_now then
    update workflow.leases l set expires_at = v_until where l.name = p_name;
    return query select true, v_seen.token, p_holder, v_until, null::uuid, null::bigint;
  else
    update workflow.leases l
       set holder = p_holder, token = v_seen.token + 1, acquired_at = v_now, expires_at = v_until
     where l.name = p_name;
    return query select true, v_seen.token + 1, p_holder, v_until, v_seen.holder,
                        (extract(epoch from v_now - v_seen.expires_at) * 1000)::bigint;
  end if;
end $$;
