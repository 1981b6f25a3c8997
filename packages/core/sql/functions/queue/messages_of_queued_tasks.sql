-- The messages that the queued tasks of these runs should have, in the order in which they became available.
create or replace function workflow.messages_of_queued_tasks(p_run_ids uuid[])
  returns workflow.outgoing_message[]
  language sql stable security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
  select array(
    select row(workflow.pgmq_name(s.queue, r.priority), t.run_id, t.step_slug, t.task_index, t.available_at)::workflow.outgoing_message
      from workflow.workflow_runs r
      join workflow.step_tasks t on t.run_id = r.run_id
     cross join lateral (select x.* from workflow.workflow_steps x where x.definition_id = r.definition_id and x.step_slug = t.step_slug limit 1) s
     where r.run_id = any (p_run_ids) and r.status = 'started' and t.status = 'queued'
     order by t.available_at, t.task_index)
$$;
