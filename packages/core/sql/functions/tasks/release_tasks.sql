-- Gives claimed tasks back unfinished. No failure is counted and the attempt number stays taken.
-- p_tasks: [{run_id, step_slug, task_index, attempt, reason: drain | aborted | handler_missing}]
-- A task that nobody here has a handler for waits longer each time: 1 s, doubling up to limit release_delay_ms_max.
-- Their messages go at once, whatever the run's durability: what they build on was confirmed before they were claimed.
-- Fence and idempotency as in complete_tasks. Returns a verdict for each; the queues that got work in the first row.
create or replace function workflow.release_tasks(p_worker uuid, p_tasks json)
  returns table (ordinal int, verdict text, queues text[])
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_indexscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
#variable_conflict use_column
declare
  v_now      timestamptz;
  v_max_ms   bigint := workflow.limit_of('release_delay_ms_max');
  v_reports  workflow.task_report[] := workflow.read_reports(p_tasks);
  v_home     uuid[];
  v_accepted int[];
  v_messages workflow.outgoing_message[];
begin
  v_home := workflow.lock_runs(array(select distinct p.run_id from unnest(v_reports) p));
  v_now := workflow.clock();  -- after the wait for the locks: an effect is never dated before its cause

  with report as (
    select distinct on (p.run_id, p.step_slug, p.task_index, p.attempt) p.*
      from unnest(v_reports) p
     where p.run_id = any (v_home)
     order by p.run_id, p.step_slug, p.task_index, p.attempt, p.ordinal
  ), task as (
    update workflow.lawful_tasks t
       set status = 'queued', worker_id = null, started_at = null, revision = t.revision + 1,
           available_at = case when p.reason = 'handler_missing'
             then v_now + least(v_max_ms, 1000 * power(2, least(t.attempt - t.failures - 1, 30))) * interval '1 millisecond' else v_now end
      from report p
     where t.run_id = p.run_id and t.step_slug = p.step_slug and t.task_index = p.task_index
       and t.status = 'started' and t.attempt = p.attempt and t.worker_id = p_worker
    returning p.ordinal, t.run_id, t.step_slug, t.task_index, t.available_at
  )
  select array_agg(t.ordinal), array_agg(row(workflow.pgmq_name(s.queue, r.priority), t.run_id, t.step_slug, t.task_index, t.available_at)::workflow.outgoing_message)
                                 filter (where r.status = 'started')
    into v_accepted, v_messages
    from task t
    join workflow.workflow_runs r on r.run_id = t.run_id
   cross join lateral (select x.* from workflow.workflow_steps x where x.definition_id = r.definition_id and x.step_slug = t.step_slug limit 1) s;

  return query
    select a.ordinal, a.verdict, a.queues
      from workflow.answer_reports(p_worker, cardinality(v_reports), v_reports, v_accepted, v_home, workflow.send_messages(v_messages), null) a;
end $$;
