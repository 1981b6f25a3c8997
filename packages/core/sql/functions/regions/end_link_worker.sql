-- How many workers still apply what a sealed member has sent; with p_terminate they are told to end. DISABLE alone may not end one (it waits for the rest of
-- a transaction, a lock, or a host that does not answer), and once disabled it is not started again.
-- Errors:  WF302 lease_lost; WF610 seal_refused: the member is not sealed
create or replace function workflow.end_link_worker(p_token bigint, p_member uuid, p_terminate boolean)
  returns int
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_link text := workflow.subscription_of(p_member);
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  if not exists (select from workflow.region_seals s where s.member_id = p_member) then
    perform workflow.refuse('WF610', format('%s is not sealed', p_member), 'member');
  end if;
  if p_terminate then
    perform pg_catalog.pg_terminate_backend(s.pid)
       from pg_catalog.pg_stat_subscription s
      where s.subname = v_link and s.leader_pid is null and s.pid is not null;
  end if;
  return (select count(*) from pg_catalog.pg_stat_subscription s where s.subname = v_link and s.pid is not null);
end $$;
