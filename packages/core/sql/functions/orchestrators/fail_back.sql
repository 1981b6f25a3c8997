-- The monitor hands the lease back to a primary that has returned for good (FAILBACK=automatic): a promote, asked for by the monitor.
-- Leader only (lease failover-monitor). Returns the command's id.
-- Errors:  WF302 lease_lost, and those of request_command
create or replace function workflow.fail_back(p_token bigint, p_group text, p_reason text)
  returns uuid
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_command uuid;
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  select c.command_id into v_command
    from workflow.request_command(jsonb_build_object('kind', 'promote', 'group', p_group, 'requested_by', 'failback', 'reason', p_reason)) c;
  return v_command;
end $$;
