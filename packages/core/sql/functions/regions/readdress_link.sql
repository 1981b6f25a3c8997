-- Gives a link another address or another synchronous_commit: REGIONS was changed, a password was, or a standby came or went (R17).
-- p_link:  address, sha256 and commit, as make_link takes them
-- Waits at most a second for any lock (55P03 then; the next look tries again): the row of the monitor's lease is held meanwhile.
-- Leader only (lease failover-monitor, with p_token).
-- Errors:  WF302 lease_lost
create or replace function workflow.readdress_link(p_token bigint, p_member uuid, p_link jsonb)
  returns void
  language plpgsql security definer
  set search_path = '' set lock_timeout = '1s'
as $$
declare
  v_name text := workflow.subscription_of(p_member);
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  execute format('alter subscription %I connection %L', v_name, p_link ->> 'address');
  execute format('alter subscription %I set (synchronous_commit = %s)', v_name, case p_link ->> 'commit' when 'on' then 'on' else 'off' end);
  update workflow.mesh_links l set address_sha256 = p_link ->> 'sha256' where l.member_id = p_member and l.made_at is not null;
end $$;
