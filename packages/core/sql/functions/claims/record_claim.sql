-- Writes down what a worker has just been given, in one row, and answers its id. Whoever looks for lost tasks begins here. No step's timeout
-- counts before the worker's heartbeat timeout has passed on top, so nobody need look earlier.
create or replace function workflow.record_claim(p_worker uuid, p_heartbeat_timeout_ms int, p_tasks workflow.handed_task[], p_now timestamptz)
  returns bigint
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
as $$
declare
  v_claim bigint;
begin
  insert into workflow.claims (worker_id, claimed_at, overdue_at, tasks)
  values (p_worker, p_now, p_now + p_heartbeat_timeout_ms * interval '1 millisecond', array(
    select row(t.run_id, t.step_slug, t.task_index, t.attempt, t.available_at)::workflow.claimed_task from unnest(p_tasks) t))
  returning claim_id into v_claim;
  return v_claim;
end $$;
