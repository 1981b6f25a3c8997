-- Writes down what became of a command, once, and the sentence in failover_events. The caller holds the lock on the command's lease. False: it was
-- closed before.
create or replace function workflow.close_command(p_command uuid, p_state text, p_outcome text, p_token bigint, p_now timestamptz)
  returns boolean
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_command workflow.orchestrator_commands;
begin
  update workflow.orchestrator_commands c
     set state = p_state, outcome = p_outcome, token = p_token, finished_at = p_now
   where c.command_id = p_command and c.finished_at is null
  returning * into v_command;
  if not found then
    return false;
  end if;
  insert into workflow.failover_events (occurred_at, kind, subject, successor, reason)
  values (p_now, 'command_' || p_state, coalesce(v_command.lease, v_command.worker_id::text, v_command.target_group), v_command.target_group,
          format('%s: %s', v_command.kind, p_outcome));
  return true;
end $$;
