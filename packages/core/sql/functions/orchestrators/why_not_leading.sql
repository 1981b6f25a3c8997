-- Why this worker may not claim now, as a sentence; null where it may. An executor of a group claims while its group holds the lease
-- orchestrator:leader, with that token, and is not giving it up. One without a group claims wherever no group leads (active-active).
create or replace function workflow.why_not_leading(p_worker workflow.workflow_workers, p_token bigint, p_now timestamptz)
  returns text
  language plpgsql stable security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
as $$
declare
  v_lease workflow.leases;
  v_held  boolean;
begin
  select * into v_lease from workflow.leases l where l.name = 'orchestrator:leader';
  v_held := found and v_lease.expires_at > p_now;
  if p_token is null and p_worker.orchestrator_group is null then
    return case when v_held and v_lease.holder_group is not null
                then format('this region is active-passive: group %s leads, and worker %s is of no group', v_lease.holder_group, p_worker.worker_id) end;
  end if;
  return case
    when not v_held then
      format('token %s does not hold the lease orchestrator:leader: nobody does now', coalesce(p_token::text, 'null'))
    when v_lease.token is distinct from p_token or v_lease.holder_group is distinct from p_worker.orchestrator_group then
      format('token %s of group %s does not hold the lease orchestrator:leader: %s does, with token %s', coalesce(p_token::text, 'null'),
             coalesce(p_worker.orchestrator_group, 'none'), coalesce(v_lease.holder_group, v_lease.holder::text), v_lease.token)
    when v_lease.command_id is not null then
      format('group %s is giving the lease orchestrator:leader up (command %s)', v_lease.holder_group, v_lease.command_id)
  end;
end $$;
