-- What follows from failed attempts, whether a worker reported them or the scheduler took them away (p_reported false; p_worker null: any).
-- Each is kept in step_attempts. The task waits min(max_delay, base_delay * 2^(n-1)) plus 0-10 % after failure n and is tried again, until
-- max_attempts; a delay that the handler gave is taken as it is, up to 7 days. An exhausted task fails its step and run, or skips the step (skip), or
-- the step and all that depend on it (skip-cascade). The caller holds the runs' locks. accepted: ordinals of the attempts that held.
create or replace function workflow.settle_failures(
    p_worker uuid, p_reports workflow.task_report[], p_reported boolean, p_now timestamptz, out accepted int[], out queues text[])
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
declare
  v_messages  workflow.outgoing_message[];
  v_exhausted workflow.exhausted_task[];
begin
  with report as (
    select distinct on (p.run_id, p.step_slug, p.task_index, p.attempt) p.* from unnest(p_reports) p
     order by p.run_id, p.step_slug, p.task_index, p.attempt, p.ordinal
  ), judged as materialized (
    select p.ordinal, p.error, t.run_id, t.step_slug, t.task_index, t.residency, t.attempt, t.worker_id, t.started_at, r.home_epoch, r.written_tick,
           t.failures + 1 as failures, s.when_exhausted, workflow.pgmq_name(s.queue, r.priority) as queue,
           case when p.retryable and t.failures + 1 < s.max_attempts
                then p_now + interval '1 millisecond' * coalesce(case when p.retry_after_ms is not null then least(greatest(p.retry_after_ms, 0), 604800000) end,
                       least(s.max_delay_ms, s.base_delay_ms * power(2, t.failures)) * (1 + random() * 0.1)) end as retry_at
      from report p
      join workflow.workflow_runs r on r.run_id = p.run_id
     cross join lateral (select x.* from workflow.workflow_steps x where x.definition_id = r.definition_id and x.step_slug = p.step_slug limit 1) s
     cross join lateral (select x.* from workflow.step_tasks x
                          where x.run_id = p.run_id and x.step_slug = p.step_slug and x.task_index = p.task_index and x.status = 'started'
                            and x.attempt = p.attempt and (p_worker is null or x.worker_id = p_worker) limit 1) t
  ), kept as (
    insert into workflow.step_attempts (run_id, step_slug, task_index, attempt, residency, home_epoch, written_tick, worker_id, reported, error,
                                        started_at, failed_at)
    select j.run_id, j.step_slug, j.task_index, j.attempt, j.residency, j.home_epoch, j.written_tick, j.worker_id, p_reported, j.error,
           j.started_at, p_now
      from judged j
  ), task as (
    update workflow.lawful_tasks t
       set status = case when j.retry_at is not null then 'queued' else 'failed' end, failures = j.failures, revision = t.revision + 1,
           available_at = coalesce(j.retry_at, t.available_at),
           worker_id    = case when j.retry_at is null then t.worker_id end,
           started_at   = case when j.retry_at is null then t.started_at end,
           error        = j.error,
           finished_at  = case when j.retry_at is null then p_now end
      from judged j
     where t.run_id = j.run_id and t.step_slug = j.step_slug and t.task_index = j.task_index
  )
  select array_agg(j.ordinal),
         array_agg(row(j.queue, j.run_id, j.step_slug, j.task_index, j.retry_at)::workflow.outgoing_message) filter (where j.retry_at is not null),
         array_agg(row(j.run_id, j.step_slug, j.when_exhausted, j.error)::workflow.exhausted_task order by j.ordinal) filter (where j.retry_at is null)
    into accepted, v_messages, v_exhausted
    from judged j;

  if v_exhausted is not null then
    queues := workflow.exhaust_steps(v_exhausted, v_messages, p_now);
  elsif v_messages is not null then
    queues := (workflow.advance_runs('{}', v_messages, p_now)).queues;
  end if;
end $$;
