-- What follows from exhausted tasks: the step and its run fail, or the step is skipped and the run goes on without its output, or all that
-- depend on it are skipped too. p_messages (of tasks that are tried again) go out with what starts. Returns the queues that got work.
-- The caller holds the runs' locks.
create or replace function workflow.exhaust_steps(p_tasks workflow.exhausted_task[], p_messages workflow.outgoing_message[], p_now timestamptz)
  returns text[]
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
declare
  v_failed  workflow.run_closing[];
  v_skipped workflow.step_ref[];
begin
  with failed as (
    select distinct on (e.run_id, e.step_slug) e.*, e.error || jsonb_build_object('step', e.step_slug) as cause
      from unnest(p_tasks) with ordinality e(run_id, step_slug, when_exhausted, error, ordinal)
     where e.when_exhausted = 'fail'
     order by e.run_id, e.step_slug, e.ordinal
  ), step as (
    update workflow.lawful_steps t
       set status = 'failed', error = f.cause, revision = t.revision + 1, finished_at = p_now
      from failed f
     where t.run_id = f.run_id and t.step_slug = f.step_slug
  )
  select array_agg(row(f.run_id, 'failed', f.cause)::workflow.run_closing order by f.ordinal) into v_failed from failed f;
  if v_failed is not null then
    perform workflow.close_runs(v_failed, p_now);
  end if;

  v_skipped := workflow.skip_steps(p_tasks, p_now);
  return (workflow.advance_runs(workflow.describe_ended_steps(v_skipped), array(  -- a task of a step that is now skipped is not tried again
    select m from unnest(p_messages) m
     where (m.run_id, m.step_slug) not in (select s.run_id, s.step_slug from unnest(v_skipped) s)), p_now)).queues;
end $$;
