-- The monitor fences a lease: whoever believes in its token is refused from now on, and everybody must acquire anew. With the sentence why in
-- failover_events, and the command that asked for it done.
-- p_seen:   only if the lease still has this token (null: whatever it has): a decision about a leader must not hit its successor
-- Leader only (lease failover-monitor, with p_token).
-- Returns:  the new token; null where nothing was fenced
-- Errors:   WF302 lease_lost
create or replace function workflow.fence_leader(p_token bigint, p_name text, p_seen bigint, p_reason text, p_command uuid default null)
  returns bigint
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_now    timestamptz;
  v_former workflow.leases;
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  select * into v_former from workflow.leases l where l.name = p_name and l.token = coalesce(p_seen, l.token) for update;
  if not found then
    return null;
  end if;
  v_now := workflow.clock();
  if p_command is not null
     and not workflow.close_command(p_command, 'done', format('%s is fenced: token %s is refused from now on', p_name, v_former.token),
                                    v_former.token + 1, v_now) then
    return null;
  end if;
  update workflow.leases l
     set token = l.token + 1, expires_at = least(l.expires_at, v_now), command_id = null
   where l.name = p_name;
  insert into workflow.failover_events (occurred_at, kind, subject, former, reason, recorded_by)
  values (v_now, 'fenced', p_name, coalesce(v_former.holder_group, v_former.holder::text), p_reason,
          (select l.holder from workflow.leases l where l.name = 'failover-monitor'));
  return v_former.token + 1;
end $$;
