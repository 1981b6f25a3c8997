-- The group of this worker leads from now on, with the next token; a promote that asked for it is done. The change is recorded here, for several may
-- happen between two looks of the monitor, which counts and tells them. The caller holds the lock on the lease.
create or replace function workflow.take_leadership(p_worker workflow.workflow_workers, p_lease workflow.leases, p_ttl_ms int, p_now timestamptz)
  returns workflow.leases
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_lease workflow.leases;
  v_cause text := workflow.why_leader_changed(p_lease, p_worker.orchestrator_group, p_now);
begin
  update workflow.leases l
     set holder = p_worker.worker_id, holder_group = p_worker.orchestrator_group, token = l.token + 1, command_id = null, acquired_at = p_now,
         expires_at = p_now + make_interval(secs => p_ttl_ms / 1000.0),
         without_ms = case when p_lease.holder_group is not null then (extract(epoch from p_now - p_lease.expires_at) * 1000)::bigint end
   where l.name = p_lease.name
  returning * into v_lease;
  perform workflow.close_command(c.command_id, 'done', format('%s leads with token %s', v_lease.holder_group, v_lease.token), v_lease.token, p_now)
     from workflow.orchestrator_commands c
    where c.lease = v_lease.name and c.finished_at is null and c.kind = 'promote' and c.target_group = v_lease.holder_group;

  insert into workflow.failover_events (occurred_at, kind, cause, subject, former, successor, without_ms, recorded_by, reason)
  values (p_now, 'leader_changed', v_cause, v_lease.name, p_lease.holder_group, v_lease.holder_group, v_lease.without_ms, p_worker.worker_id,
          format('%s: %s; %s leads with token %s%s', v_lease.name,
            case v_cause when 'first'    then 'nobody led before'
                         when 'promoted' then p_lease.holder_group || ' was asked to hand over'
                         when 'left'     then p_lease.holder_group || ' stopped'
                         when 'fenced'   then p_lease.holder_group || ' was fenced by an operator'
                         when 'silent'   then p_lease.holder_group || ' fell silent'
                         else p_lease.holder_group || ' lives, but did not renew in time or was fenced' end,
            v_lease.holder_group, v_lease.token, ' after ' || v_lease.without_ms || ' ms without a leader'));
  return v_lease;
end $$;
