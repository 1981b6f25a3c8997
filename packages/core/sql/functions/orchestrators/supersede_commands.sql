-- Makes room for another command about this lease: one that is overdue has failed, and a fence comes before whatever is under way. Else the open one
-- stands. The caller holds the lock on the lease.
-- Errors:  WF502 command_pending
create or replace function workflow.supersede_commands(p_lease text, p_kind text, p_now timestamptz)
  returns void
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_open workflow.orchestrator_commands;
begin
  select * into v_open from workflow.orchestrator_commands c where c.lease = p_lease and c.finished_at is null;
  if not found then
    return;
  elsif v_open.overdue_at <= p_now then
    perform workflow.close_command(v_open.command_id, 'failed', 'it was not done in time', null, p_now);
  elsif p_kind = 'fence' and v_open.kind <> 'fence' then
    perform workflow.close_command(v_open.command_id, 'failed', 'a fence came before it', null, p_now);
  else
    perform workflow.refuse('WF502', format('%s is being asked for a %s already (command %s)', p_lease, v_open.kind, v_open.command_id), 'lease',
                            jsonb_build_object('command_id', v_open.command_id));
  end if;
  update workflow.leases l set command_id = null where l.command_id = v_open.command_id;
end $$;
