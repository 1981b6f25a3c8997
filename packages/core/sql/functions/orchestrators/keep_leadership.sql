-- A worker of the group that leads asks: renews the lease where that is due, or gives it up where a command says so and nothing runs any more. It
-- is renewed by the worker that has done so before or by the oldest one that lives; by any once less than half of its time is left.
-- The caller holds the lock on the lease. Answers the lease as it is now.
create or replace function workflow.keep_leadership(p_worker workflow.workflow_workers, p_lease workflow.leases, p_ttl_ms int, p_now timestamptz)
  returns workflow.leases
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_lease   workflow.leases := p_lease;
  v_left_ms double precision := extract(epoch from p_lease.expires_at - p_now) * 1000;
  v_oldest  uuid;
begin
  if v_lease.command_id is not null and not exists (
       select from workflow.orchestrator_commands c
        where c.command_id = v_lease.command_id and c.finished_at is null and c.overdue_at > p_now) then
    update workflow.leases l set command_id = null where l.name = p_lease.name returning * into v_lease;  -- it failed: this group goes on
  end if;
  if v_lease.command_id is not null and workflow.group_in_flight(p_lease.holder_group, p_now) = 0 then
    return workflow.give_up_leadership(v_lease, p_now);
  end if;

  if v_left_ms <= p_ttl_ms * 2 / 3.0 then
    select w.worker_id into v_oldest
      from workflow.workflow_workers w
     where w.orchestrator_group = p_lease.holder_group and not workflow.worker_is_gone(w, p_now)
     order by w.started_at, w.worker_id
     limit 1;
    if p_worker.worker_id in (v_lease.holder, v_oldest) or v_left_ms < p_ttl_ms / 2.0 then
      update workflow.leases l
         set holder = p_worker.worker_id, expires_at = p_now + make_interval(secs => p_ttl_ms / 1000.0)
       where l.name = p_lease.name
      returning * into v_lease;
    end if;
  end if;
  return v_lease;
end $$;
