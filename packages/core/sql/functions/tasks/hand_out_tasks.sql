-- Gives the tasks that messages named to a worker. A message whose task is not queued, or whose run is not started, was left over from
-- something that ended: nothing follows from it.
-- Tasks are locked in key order, like everywhere, so that two claims with a message too many cannot deadlock.
create or replace function workflow.hand_out_tasks(p_worker uuid, p_messages workflow.message_ref[], p_now timestamptz)
  returns workflow.handed_task[]
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
declare
  v_claimed workflow.handed_task[];
begin
  with message as materialized (  -- one relation, so that the task has but one way to be found: by its whole key
    select m.*, r.workflow, r.definition_id, r.tenant_id, r.deadline, s.kind, s.dependencies, s.gathers_maps, s.timeout_ms
      from (select u.* from unnest(p_messages) u order by u.run_id, u.step_slug, u.task_index) m
     cross join lateral (select x.* from workflow.workflow_runs x where x.run_id = m.run_id limit 1) r
     cross join lateral (select x.* from workflow.workflow_steps x where x.definition_id = r.definition_id and x.step_slug = m.step_slug limit 1) s
     where r.status = 'started'
  ), claimed as (
    update workflow.lawful_tasks t
       set status = 'started', attempt = t.attempt + 1, worker_id = p_worker, started_at = p_now, revision = t.revision + 1
      from message m
     where t.run_id = m.run_id and t.step_slug = m.step_slug and t.task_index = m.task_index and t.status = 'queued'
    returning t.run_id, t.step_slug, t.task_index, t.attempt, t.available_at, m.workflow, m.definition_id, m.tenant_id, m.deadline,
              m.kind, m.dependencies, m.gathers_maps, m.timeout_ms
  )
  select array_agg(row(c.*)::workflow.handed_task) into v_claimed from claimed c;
  return v_claimed;
end $$;
