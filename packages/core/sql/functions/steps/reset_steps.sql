-- Takes the steps of a run that ended back to where a retry begins (retry_run; the run is locked).
-- anew:     all steps (start), or the named step and its descendants (step), and a map step that failed although all its tasks completed:
--           its tasks are set aside (cancelled, no output), it waits for its dependencies again
-- go on:    other failed or cancelled steps: those that had started keep their completed tasks, the rest is queued with no failures counted
create or replace function workflow.reset_steps(p_run_id uuid, p_from text, p_step text)
  returns void
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
declare
  v_now  timestamptz := workflow.clock();
  v_anew text[];
begin
  v_anew := array(
    select s.step_slug
      from workflow.step_states s
      join workflow.workflow_runs r on r.run_id = s.run_id
     where s.run_id = p_run_id
       and (p_from = 'start'
            or s.step_slug = p_step
            or s.step_slug in (select workflow.descendants_of(r.definition_id, p_step))
            or s.status in ('failed', 'cancelled') and s.remaining_tasks = 0
            or s.status in ('failed', 'cancelled') and s.initial_tasks is null));

  update workflow.lawful_tasks t
     set status = 'cancelled', output = null, finished_at = coalesce(t.finished_at, v_now), revision = t.revision + 1
   where t.run_id = p_run_id and t.step_slug = any (v_anew);
  update workflow.lawful_tasks t
     set status = 'queued', failures = 0, available_at = v_now, worker_id = null, error = null, started_at = null, finished_at = null,
         revision = t.revision + 1
    from workflow.step_states s
   where t.run_id = p_run_id and t.step_slug <> all (v_anew) and t.status in ('failed', 'cancelled')
     and s.run_id = t.run_id and s.step_slug = t.step_slug and s.status in ('failed', 'cancelled') and t.task_index < s.initial_tasks;

  update workflow.lawful_steps s
     set status = 'started', error = null, finished_at = null, revision = s.revision + 1,
         remaining_tasks = (select count(*) from workflow.step_tasks t
                             where t.run_id = s.run_id and t.step_slug = s.step_slug and t.status = 'queued')
   where s.run_id = p_run_id and s.step_slug <> all (v_anew) and s.status in ('failed', 'cancelled');
  update workflow.lawful_steps s
     set status = 'created', error = null, skip_reason = null, initial_tasks = null, remaining_tasks = null, output_bytes = 0,
         started_at = null, finished_at = null, revision = s.revision + 1,
         remaining_deps = (select count(*)
                             from workflow.workflow_runs r
                            cross join lateral (select x.dependencies from workflow.workflow_steps x
                                                 where x.definition_id = r.definition_id and x.step_slug = s.step_slug limit 1) x
                            cross join unnest(x.dependencies) d(step_slug)
                             join workflow.step_states b on b.run_id = r.run_id and b.step_slug = d.step_slug
                            where r.run_id = p_run_id and (b.status not in ('completed', 'skipped') or b.status = 'skipped' and b.remaining_deps > 0
                                   or b.step_slug = any (v_anew)))
   where s.run_id = p_run_id and s.step_slug = any (v_anew);
end $$;
