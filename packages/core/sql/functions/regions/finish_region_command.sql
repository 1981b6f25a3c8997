-- Writes down what became of an operator's wish, or that it is being worked on. What is over stays so.
-- Returns: false: there is no such command, or it is over
-- Errors:  WF302 lease_lost
create or replace function workflow.finish_region_command(p_token bigint, p_command uuid, p_state text, p_outcome text)
  returns boolean
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_now timestamptz := workflow.clock();
  v_row workflow.region_commands;
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  update workflow.region_commands c
     set state = p_state, outcome = p_outcome, finished_at = case when p_state in ('done', 'failed') then v_now end
   where c.command_id = p_command and c.finished_at is null
  returning * into v_row;
  if v_row.command_id is not null and v_row.finished_at is not null and v_row.command <> 'register' then
    perform workflow.note_region_event('region_command_' || p_state, coalesce(v_row.arguments ->> 'region', m.region),
      format('%s, asked by %s: %s', v_row.command, coalesce(v_row.requested_by, 'an operator'), p_outcome)) from workflow.mesh m;
  end if;
  return v_row.command_id is not null;
end $$;
