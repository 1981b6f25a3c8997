-- Ends the term of the group that leads, before its time and with its token: the next one to take the lease gets the next token. A stop is done by
-- that; a promote when its group has taken over. The caller holds the lock on the lease.
create or replace function workflow.give_up_leadership(p_lease workflow.leases, p_now timestamptz)
  returns workflow.leases
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_lease workflow.leases;
begin
  update workflow.leases l set expires_at = least(l.expires_at, p_now) where l.name = p_lease.name returning * into v_lease;
  perform workflow.close_command(c.command_id, 'done', format('%s has finished and gave %s up (token %s)', v_lease.holder_group, v_lease.name, v_lease.token),
                                 v_lease.token, p_now)
     from workflow.orchestrator_commands c
    where c.lease = v_lease.name and c.finished_at is null and c.kind = 'stop' and c.target_group = v_lease.holder_group;
  return v_lease;
end $$;
