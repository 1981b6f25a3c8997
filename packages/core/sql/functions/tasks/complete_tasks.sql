-- Records the outputs of many tasks of many runs in one transaction, and all that follows from them: steps, dependents, runs, messages.
-- p_results:   [{run_id, step_slug, task_index, attempt, message_id, queue, output}], at most limit batch_max
-- Fence:       only the attempt that holds a task may write; others get a verdict, never an exception.
-- Idempotent:  a report may come twice, for its first answer can be lost on the way back.
-- Locks:       runs by run_id (lock_runs), then tasks, steps, the messages of these tasks.
-- Returns:     a verdict for each result (judge_report); in the first row the queues that got work, and how many runs ended by this call.
create or replace function workflow.complete_tasks(p_worker uuid, p_results json)
  returns table (ordinal int, verdict text, queues text[], ended jsonb)
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
#variable_conflict use_column
declare
  v_now       timestamptz;
  v_task_max  bigint := workflow.limit_of('task_output_bytes_max');
  v_step_max  bigint := workflow.limit_of('gathered_bytes_max');
  v_reports   workflow.task_report[] := workflow.read_reports(p_results);
  v_home      uuid[];
  v_accepted  int[];
  v_ended     workflow.step_ref[];
  v_failed    workflow.run_closing[];
  v_queues    text[];
  v_oversized record;
begin
  v_home := workflow.lock_runs(array(select distinct p.run_id from unnest(v_reports) p));
  v_now := workflow.clock();  -- after the wait for the locks: an effect is never dated before its cause

  with report as (
    select distinct on (p.run_id, p.step_slug, p.task_index, p.attempt) p.*
      from unnest(v_reports) p
     where p.run_id = any (v_home) and p.output_bytes <= v_task_max
     order by p.run_id, p.step_slug, p.task_index, p.attempt, p.ordinal
  ), task as (
    update workflow.step_tasks t
       set status = 'completed', output = p.output, error = null, finished_at = v_now, revision = t.revision + 1
      from report p
     where t.run_id = p.run_id and t.step_slug = p.step_slug and t.task_index = p.task_index
       and t.status = 'started' and t.attempt = p.attempt and t.worker_id = p_worker
    returning t.run_id, t.step_slug, p.ordinal, p.output_bytes
  ), done as (
    select t.run_id, t.step_slug, count(*)::int as tasks, sum(t.output_bytes) as bytes from task t group by t.run_id, t.step_slug
  ), step as (
    update workflow.step_states s
       set remaining_tasks = s.remaining_tasks - d.tasks, output_bytes = s.output_bytes + d.bytes, revision = s.revision + 1,
           status = case when s.output_bytes + d.bytes > v_step_max then 'failed' when s.remaining_tasks = d.tasks then 'completed' else 'started' end,
           finished_at = case when s.output_bytes + d.bytes > v_step_max or s.remaining_tasks = d.tasks then v_now end,
           error = case when s.output_bytes + d.bytes > v_step_max then jsonb_build_object('code', 'output_too_large', 'step', d.step_slug, 'message',
                     format('the gathered output of step %s is over %s bytes', d.step_slug, v_step_max)) end
      from done d
     where s.run_id = d.run_id and s.step_slug = d.step_slug
    returning s.run_id, s.step_slug, s.status, s.error
  )
  select (select array_agg(t.ordinal) from task t),
         array_agg(row(s.run_id, s.step_slug)::workflow.step_ref) filter (where s.status = 'completed'),
         array_agg(row(s.run_id, 'failed', s.error)::workflow.run_closing) filter (where s.status = 'failed')
    into v_accepted, v_ended, v_failed
    from step s;

  perform workflow.delete_messages(array(
    select row(p.queue, p.message_id, p.run_id, p.step_slug, p.task_index)::workflow.message_ref
      from unnest(v_reports) p where p.ordinal = any (v_accepted)), true);
  if v_failed is not null then
    perform workflow.close_runs(v_failed, v_now);
    v_ended := array(select e from unnest(v_ended) e where e.run_id not in (select f.run_id from unnest(v_failed) f));
  end if;
  if cardinality(v_ended) > 0 then
    v_queues := workflow.advance_runs(v_ended, '{}', v_now);
  end if;

  if exists (select from unnest(v_reports) p where p.output_bytes > v_task_max) then
    v_oversized := workflow.settle_failures(p_worker, workflow.oversized_outputs(v_reports, v_home, v_task_max), true, v_now);
    v_accepted  := v_accepted || v_oversized.accepted;
    v_queues    := v_queues || v_oversized.queues;
  end if;
  return query select * from workflow.answer_reports(p_worker, v_reports, v_accepted, v_home, v_queues, workflow.count_ended_runs(v_home, v_now));
end $$;
