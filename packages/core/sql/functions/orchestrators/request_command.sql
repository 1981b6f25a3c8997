-- An operator's wish about orchestrators: {kind: stop | promote | fence, lease?, worker_id?, group?, drain_ms?, requested_by?, reason?}.
-- promote  the group (of that worker; else the best standby) leads next. The one that leads claims nothing from now on, finishes or, after drain_ms
--          (3 s), gives back what runs, and gives the lease up. Nobody else may take the lease meanwhile.
-- stop     the workers (that one; else those of the group, by default of the one that leads) drain and end, what runs is given back after drain_ms
--          (30 s); a group that leads gives the lease up.
-- fence    the monitor raises the token of the lease (by default orchestrator:leader); it comes before whatever is under way.
-- Returns:  the command. A promote of the group that leads is done at once.
-- Locks:    the lease, then workers
-- Errors:   WF001, WF301, WF501 no_candidate, WF502 command_pending, WF503 unknown_lease
create or replace function workflow.request_command(p_command jsonb)
  returns setof workflow.orchestrator_commands
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_command workflow.orchestrator_commands := jsonb_populate_record(null::workflow.orchestrator_commands, p_command);
  v_lease   workflow.leases;
  v_now     timestamptz;
  v_leads   boolean;
  v_left    interval;
begin
  v_command.command_id := workflow.new_run_id();
  v_command.target_group := p_command ->> 'group';
  v_command.lease := coalesce(v_command.lease, 'orchestrator:leader');
  v_command.drain_ms := coalesce(v_command.drain_ms, case v_command.kind when 'stop' then 30000 else 3000 end);
  v_command.reason := coalesce(v_command.reason, 'somebody asked for it');
  select * into v_lease from workflow.leases l where l.name = v_command.lease for update;
  v_now := workflow.clock();

  v_command.target_group := workflow.check_command(v_command, v_lease, v_now);
  v_leads := coalesce(v_lease.holder_group = v_command.target_group and v_lease.expires_at > v_now, false);
  if v_command.kind = 'stop' and not v_leads then
    v_command.lease := null;  -- whoever leads goes on
  else
    perform workflow.supersede_commands(v_command.lease, v_command.kind, v_now);
  end if;

  v_left := greatest(interval '10 seconds', v_lease.expires_at - v_now + interval '5 seconds');  -- a leader that is dead is one until its lease ends
  insert into workflow.orchestrator_commands (command_id, kind, lease, worker_id, target_group, drain_ms, requested_at, requested_by, reason, overdue_at, state)
  values (v_command.command_id, v_command.kind, v_command.lease, v_command.worker_id, v_command.target_group, v_command.drain_ms, v_now,
          v_command.requested_by, v_command.reason, v_now + v_command.drain_ms * interval '1 millisecond' + v_left, 'requested');
  insert into workflow.failover_events (occurred_at, kind, subject, former, successor, reason)
  values (v_now, 'command_requested', coalesce(v_command.lease, v_command.worker_id::text, v_command.target_group), v_lease.holder_group,
          case v_command.kind when 'promote' then v_command.target_group end,
          format('%s of %s: %s', v_command.kind, coalesce(v_command.target_group, v_command.worker_id::text, v_command.lease), v_command.reason));

  if v_command.kind = 'promote' and v_leads then
    perform workflow.close_command(v_command.command_id, 'done', format('%s leads already, with token %s', v_command.target_group, v_lease.token), null, v_now);
  elsif v_command.kind <> 'fence' and v_lease.expires_at > v_now and v_command.lease is not null then
    update workflow.leases l set command_id = v_command.command_id where l.name = v_command.lease;
  end if;
  if v_command.kind = 'stop' then
    update workflow.workflow_workers w
       set deprecated_at = v_now
     where w.app = 'executor' and w.deprecated_at is null and w.stopped_at is null
       and (w.worker_id = v_command.worker_id or w.orchestrator_group = v_command.target_group);
  end if;
  delete from workflow.orchestrator_commands c
   where c.finished_at is not null and c.command_id not in (
     select n.command_id from workflow.orchestrator_commands n order by n.requested_at desc limit workflow.limit_of('orchestrator_commands_max'));
  return query select c.* from workflow.orchestrator_commands c where c.command_id = v_command.command_id;
end $$;
