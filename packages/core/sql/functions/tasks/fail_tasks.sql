-- Records failed attempts: each is kept with its error, and the task is tried again after its delay or is exhausted.
-- p_failures:  [{run_id, step_slug, task_index, attempt, error: {code, message, stack?}, retryable?, retry_after_ms?}]
-- Fence and idempotency as in complete_tasks.
-- Returns:     a verdict for each; retry_at where the task waits for another attempt; in the first row the queues that got work,
--              how many runs ended by this call, and whose verdicts count only when other regions have confirmed them (unconfirmed_runs).
create or replace function workflow.fail_tasks(p_worker uuid, p_failures json)
  returns table (ordinal int, verdict text, retry_at timestamptz, queues text[], ended jsonb, unconfirmed jsonb)
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
as $$
#variable_conflict use_column
declare
  v_now     timestamptz;
  v_reports workflow.task_report[] := workflow.read_reports(p_failures);
  v_home    uuid[];
  v_settled record;
  v_unconfirmed jsonb;
begin
  v_home := workflow.lock_runs(array(select distinct p.run_id from unnest(v_reports) p));
  v_now := workflow.clock();  -- after the wait for the locks: an effect is never dated before its cause
  v_settled := workflow.settle_failures(p_worker, array(select p from unnest(v_reports) p where p.run_id = any (v_home)), true, v_now);

  v_unconfirmed := workflow.unconfirmed_runs(array(select distinct p.run_id from unnest(v_reports) p));

  return query
    select a.ordinal, a.verdict, t.available_at, a.queues, a.ended, case when a.ordinal = 1 then v_unconfirmed end
      from workflow.answer_reports(p_worker, cardinality(v_reports), v_reports, v_settled.accepted, v_home, v_settled.queues,
                                     workflow.count_ended_runs(v_home, v_now)) a
      join unnest(v_reports) p on p.ordinal = a.ordinal
      left join lateral (select x.available_at from workflow.step_tasks x
                          where a.verdict = 'accepted' and x.run_id = p.run_id and x.step_slug = p.step_slug and x.task_index = p.task_index
                            and x.status = 'queued' and x.attempt = p.attempt limit 1) t on true
     order by a.ordinal;
end $$;
