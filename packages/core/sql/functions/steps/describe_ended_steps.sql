-- Steps that ended, with what is needed to go on from them. On the hot path lock_reported_runs has read that already.
create or replace function workflow.describe_ended_steps(p_steps workflow.step_ref[])
  returns workflow.ended_step[]
  language plpgsql stable security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
begin
  if p_steps is null then
    return null;
  end if;
  return array(
    select row(r.run_id, e.step_slug, r.residency, r.home_epoch, r.written_tick, r.tenant_id, r.workflow, r.definition_id, r.status,
               r.priority, r.deadline, coalesce(s.dependents, '{}'), null, r.durability)::workflow.ended_step
      from unnest(p_steps) e
      join workflow.workflow_runs r on r.run_id = e.run_id
      left join lateral (select x.dependents from workflow.workflow_steps x
                          where x.definition_id = r.definition_id and x.step_slug = e.step_slug limit 1) s on true);
end $$;
