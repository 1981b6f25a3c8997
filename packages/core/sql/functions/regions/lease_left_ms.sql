-- How long this region may go on executing, in ms (D3); null: not at all. A lease is honoured by the server that it was won on only: another one has
-- another clock. A mesh of one, and one region alone, hold theirs for ever: then it is what an int holds.
create or replace function workflow.lease_left_ms()
  returns int
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  v_lease workflow.region_lease;
  v_now   timestamptz;
begin
  if not exists (select from workflow.mesh) then
    return 2147483647;
  end if;
  select * into v_lease from workflow.region_lease;
  v_now := workflow.clock();
  if v_lease.expires_at = 'infinity' then
    return 2147483647;
  elsif workflow.is_live_lease(v_lease.expires_at, v_lease.server_started_at, v_now) then
    return floor(extract(epoch from v_lease.expires_at - v_now) * 1000);
  end if;
  return null;
end $$;
