-- Writes down what became of a command, once; state is done or failed, the outcome a sentence. Where a hand-over failed, the group that leads goes
-- on. False: it was finished before, or there is no such command.
-- Errors:  WF001 invalid_request
create or replace function workflow.finish_command(p_command uuid, p_state text, p_outcome text)
  returns boolean
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_now timestamptz;
begin
  if p_state is null or p_state not in ('done', 'failed') or coalesce(p_outcome, '') = '' then
    perform workflow.refuse('WF001', 'a command ends as done or failed, with a sentence', 'state');
  end if;
  perform from workflow.leases l where l.command_id = p_command for update;
  v_now := workflow.clock();
  if not workflow.close_command(p_command, p_state, p_outcome, null, v_now) then
    return false;
  end if;
  update workflow.leases l set command_id = null where l.command_id = p_command and l.expires_at > v_now;
  return true;
end $$;
