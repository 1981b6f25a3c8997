-- Writes outputs into the tasks that their attempts hold, and counts the tasks off their steps. The caller holds the runs' locks.
-- accepted: ordinals of the reports that held and whose output is not over its bound; ended: steps whose last task that was; failed: runs to
-- close, because the gathered output of a step is over its bound; quorum: one of the runs has that durability; lowest_priority: of the runs whose ended
-- steps others depend on, null where none do.
create or replace function workflow.record_outputs(
    p_worker uuid, p_reports workflow.held_report[], p_now timestamptz,
    out accepted int[], out ended workflow.ended_step[], out failed workflow.run_closing[], out quorum boolean,
    out lowest_priority smallint)
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
declare
  v_limits   bigint[] := workflow.limits_of('task_output_bytes_max', 'gathered_bytes_max');
  v_task_max bigint := v_limits[1];
  v_step_max bigint := v_limits[2];
begin
  with task as (
    update workflow.lawful_tasks t
       set status = 'completed', output = p.output, error = null, finished_at = p_now, revision = t.revision + 1
      from unnest(p_reports) p  -- of two reports of one attempt the first one counts
     where t.run_id = p.run_id and t.step_slug = p.step_slug and t.task_index = p.task_index
       and t.status = 'started' and t.attempt = p.attempt and t.worker_id = p_worker and p.output_bytes <= v_task_max
    returning t.run_id, t.step_slug, p.ordinal, p.output_bytes, p as report
  ), done as (
    select t.run_id, t.step_slug, count(*)::int as tasks, sum(t.output_bytes) as bytes, any_value(t.report) as report
      from task t
     group by t.run_id, t.step_slug
  ), step as (
    update workflow.lawful_steps s
       set remaining_tasks = s.remaining_tasks - d.tasks, output_bytes = s.output_bytes + d.bytes, revision = s.revision + 1,
           status = case when s.output_bytes + d.bytes > v_step_max then 'failed' when s.remaining_tasks = d.tasks then 'completed' else 'started' end,
           finished_at = case when s.output_bytes + d.bytes > v_step_max or s.remaining_tasks = d.tasks then p_now end,
           error = case when s.output_bytes + d.bytes > v_step_max then jsonb_build_object('code', 'output_too_large', 'step', d.step_slug, 'message',
                     format('the gathered output of step %s is over %s bytes', d.step_slug, v_step_max)) end
      from done d
     where s.run_id = d.run_id and s.step_slug = d.step_slug
    returning s.run_id, s.step_slug, s.status, s.error, d.report
  )
  select (select array_agg(t.ordinal) from task t),
         array_agg(row(s.run_id, s.step_slug, (s.report).residency, (s.report).home_epoch, (s.report).written_tick, (s.report).tenant_id,
                       (s.report).workflow, (s.report).definition_id, (s.report).run_status, (s.report).priority, (s.report).deadline,
                       (s.report).dependents,
                       case when (s.report).sole_leaf then jsonb_build_object(s.step_slug, (s.report).output) end,
                       (s.report).durability)::workflow.ended_step)
           filter (where s.status = 'completed'),
         array_agg(row(s.run_id, 'failed', s.error)::workflow.run_closing) filter (where s.status = 'failed'),
         bool_or((s.report).durability = 'quorum'),
         min((s.report).priority) filter (where s.status = 'completed' and (s.report).dependents <> '{}')
    into accepted, ended, failed, quorum, lowest_priority
    from step s;
end $$;
