-- Skips the steps of exhausted tasks that ask for it (handler_failed), and for skip-cascade all that depend on them (dependency_skipped); those
-- are over only when their other dependencies have ended too (start_dependents).
-- Other tasks of a skipped map step are cancelled and their messages withdrawn. Steps of runs that ended meanwhile are left alone.
-- The caller holds the runs' locks. Returns the steps of the tasks.
create or replace function workflow.skip_steps(p_tasks workflow.exhausted_task[], p_now timestamptz)
  returns workflow.step_ref[]
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_indexscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
declare
  v_skipped workflow.step_ref[];
begin
  with cause as (
    select distinct on (e.run_id, e.step_slug) e.run_id, e.step_slug, e.when_exhausted, r.definition_id,
           e.error || jsonb_build_object('step', e.step_slug) as error
      from unnest(p_tasks) e
      join workflow.workflow_runs r on r.run_id = e.run_id
     where e.when_exhausted <> 'fail' and r.finished_at is null
  ), skip as (
    select c.run_id, c.step_slug, 'handler_failed' as reason, c.error from cause c
    union
    select c.run_id, d.step_slug, 'dependency_skipped', null
      from cause c, workflow.descendants_of(c.definition_id, c.step_slug) d(step_slug)
     where c.when_exhausted = 'skip-cascade'
  ), step as (
    update workflow.lawful_steps t
       set status = 'skipped', skip_reason = s.reason, error = s.error, revision = t.revision + 1, finished_at = p_now
      from skip s
     where t.run_id = s.run_id and t.step_slug = s.step_slug and t.status in ('created', 'started')
    returning t.run_id, t.step_slug, t.skip_reason
  )
  select array_agg(row(s.run_id, s.step_slug)::workflow.step_ref) into v_skipped from step s where s.skip_reason = 'handler_failed';

  if v_skipped is not null then
    perform workflow.withdraw_step_messages(v_skipped);
    update workflow.lawful_tasks t
       set status = 'cancelled', revision = t.revision + 1, finished_at = p_now
      from unnest(v_skipped) s
     where t.run_id = s.run_id and t.step_slug = s.step_slug and t.status in ('queued', 'started');
  end if;
  return coalesce(v_skipped, '{}');
end $$;
