-- A worker of this group has stopped: if it was the last one alive and its group leads, the group gives the lease up, so that the next one need not
-- wait for its end. The caller holds the lock on the lease.
create or replace function workflow.leave_group(p_group text, p_now timestamptz)
  returns void
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_lease workflow.leases;
begin
  select * into v_lease from workflow.leases l
    where l.name = 'orchestrator:leader' and l.holder_group = p_group and l.expires_at > p_now;
  if found and not exists (select from workflow.workflow_workers w
                            where w.orchestrator_group = p_group and not workflow.worker_is_gone(w, p_now)) then
    perform workflow.give_up_leadership(v_lease, p_now);
  end if;
end $$;
