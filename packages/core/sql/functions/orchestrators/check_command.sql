-- What a command is about: the group that shall lead (promote) or end (stop without a worker), else null. Refuses a wish that cannot be met.
-- Errors:  WF001 invalid_request, WF301 worker_unknown, WF501 no_candidate, WF503 unknown_lease
create or replace function workflow.check_command(p_command workflow.orchestrator_commands, p_lease workflow.leases, p_now timestamptz)
  returns text
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  v_worker workflow.workflow_workers;
  v_leader text := case when p_lease.expires_at > p_now then p_lease.holder_group end;
  v_group  text := p_command.target_group;
begin
  if p_command.kind is null or p_command.kind not in ('stop', 'promote', 'fence') then
    perform workflow.refuse('WF001', 'a command is stop, promote or fence', 'kind');
  elsif p_command.kind <> 'fence' and p_command.lease <> 'orchestrator:leader' then
    perform workflow.refuse('WF001', format('%s is about orchestrator:leader only, not %s', p_command.kind, p_command.lease), 'lease');
  elsif p_command.kind = 'fence' and p_lease.name is null then
    perform workflow.refuse('WF503', format('there is no lease %s', p_command.lease), 'lease');
  elsif p_command.drain_ms not between 0 and 3600000 then
    perform workflow.refuse('WF001', 'a drain lasts from 0 to 3600000 ms', 'drain_ms');
  elsif p_command.worker_id is not null and v_group is not null then
    perform workflow.refuse('WF001', 'a command names a worker or a group, not both', 'group');
  end if;

  if p_command.worker_id is not null then
    select * into v_worker from workflow.workflow_workers w where w.worker_id = p_command.worker_id;
    if not found then
      perform workflow.refuse('WF301', format('there is no worker %s', p_command.worker_id), 'worker_id');
    elsif v_worker.app <> 'executor' or workflow.worker_is_gone(v_worker, p_now) then
      perform workflow.refuse('WF501', format('worker %s is no executor that lives', p_command.worker_id), 'worker_id');
    end if;
    v_group := case p_command.kind when 'promote' then v_worker.orchestrator_group end;
  end if;

  if p_command.kind = 'promote' then
    v_group := coalesce(v_group, case when p_command.worker_id is null then workflow.best_standby(v_leader, p_now) end);
    if v_group is null or v_group <> coalesce(v_leader, '') and not exists (
         select from workflow.workflow_workers w
          where w.app = 'executor' and w.orchestrator_group = v_group and w.deprecated_at is null and not workflow.worker_is_gone(w, p_now)) then
      perform workflow.refuse('WF501', coalesce(format('group %s has no worker that could lead', v_group), 'nobody is there to be promoted'), 'group');
    end if;
  elsif p_command.kind = 'stop' and p_command.worker_id is null then
    v_group := coalesce(v_group, v_leader);
    if v_group is null then
      perform workflow.refuse('WF501', 'nobody leads: there is nobody to stop', 'group');
    end if;
  end if;
  return v_group;
end $$;
