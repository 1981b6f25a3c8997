-- Why the group of this worker may not take the lease, which nobody holds, now: a sentence; null where it may.
-- Whoever led last and lives goes first: a leader that the database did not answer is no dead leader. So a worker that had no answers itself for a
-- while (p_standing_ms: for how long it has had them without a gap) has not seen anybody fail, and waits half a lease. What was given up on a command
-- needs no such witness. Between others the primary is preferred.
create or replace function workflow.why_not_stand(
    p_worker workflow.workflow_workers, p_lease workflow.leases, p_ttl_ms int, p_standing_ms int, p_now timestamptz)
  returns text
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  v_group   text := p_worker.orchestrator_group;
  v_was     text := p_lease.holder_group;
  v_wait_ms int  := p_ttl_ms / 2;
  v_free_ms double precision := extract(epoch from p_now - p_lease.expires_at) * 1000;
  v_command workflow.orchestrator_commands;
  v_lives   text[];  -- groups that could lead
  v_primary boolean;
begin
  select * into v_command from workflow.orchestrator_commands c
    where c.lease = p_lease.name and c.kind = 'promote' and c.finished_at is null and c.overdue_at > p_now;
  select array_agg(w.orchestrator_group), bool_or(w.role = 'primary' and w.orchestrator_group not in (v_group, coalesce(v_was, '')))
    into v_lives, v_primary
    from workflow.workflow_workers w
   where w.app = 'executor' and w.orchestrator_group is not null and w.deprecated_at is null and not workflow.worker_is_gone(w, p_now);

  return case
    when p_worker.deprecated_at is not null then 'it drains'
    when workflow.worker_is_gone(p_worker, p_now) then 'it is silent past its timeout: first it must beat'
    when v_command.target_group = v_group then null
    when v_command.target_group is not null then format('the lease is kept for %s (command %s)', v_command.target_group, v_command.command_id)
    when v_was is null and p_worker.role = 'primary' then null
    when v_was = v_group and p_lease.command_id is null then null
    when v_was = v_group and v_free_ms < v_wait_ms then 'it has just given the lease up'
    when p_standing_ms < v_wait_ms and v_was is null then format('nobody has led yet: a primary may come within %s ms', v_wait_ms - p_standing_ms)
    when p_standing_ms < v_wait_ms and p_lease.command_id is null then format('it has not seen %s fail, for it has had answers for %s ms only', v_was, p_standing_ms)
    when p_lease.command_id is null and v_free_ms < 1000 and v_was = any (v_lives) then format('%s lives and may come back', v_was)
    when p_worker.role = 'standby' and v_primary and v_free_ms < 500 then 'a primary lives and goes first'
  end;
end $$;
