-- Why the group that led last leads no more, in one word: first (none did), promoted, left (it stopped), fenced (by an operator), silent (it died) or
-- expired (it lives, but did not renew in time).
create or replace function workflow.why_leader_changed(p_lease workflow.leases, p_successor text, p_now timestamptz)
  returns text
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  v_command text;
  v_lives   boolean;
  v_leaves  boolean;
begin
  if p_lease.holder_group is null then
    return 'first';
  end if;
  select c.kind into v_command
    from workflow.orchestrator_commands c
   where c.lease = p_lease.name
     and (c.kind = 'promote' and c.finished_at is null and c.target_group = p_successor
          or c.kind <> 'promote' and c.state = 'done' and c.token = p_lease.token)
   order by c.requested_at desc
   limit 1;
  select coalesce(bool_or(w.deprecated_at is null and not workflow.worker_is_gone(w, p_now)), false), coalesce(bool_or(w.deprecated_at is not null), false)
    into v_lives, v_leaves
    from workflow.workflow_workers w
   where w.orchestrator_group = p_lease.holder_group;
  return case
    when v_command = 'promote' then 'promoted'
    when v_command = 'fence' then 'fenced'
    when v_command = 'stop' then 'left'
    when v_lives then 'expired'
    when v_leaves then 'left'
    else 'silent'
  end;
end $$;
