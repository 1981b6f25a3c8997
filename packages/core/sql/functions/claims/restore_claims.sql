-- Makes claims for the running tasks of these runs that are in none, one claim for each worker. Returns how many tasks that were. The caller holds
-- the runs' locks.
create or replace function workflow.restore_claims(p_run_ids uuid[], p_now timestamptz)
  returns int
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set join_collapse_limit = 1
as $$
declare
  v_restored int;
begin
  with claim as (
    insert into workflow.claims (worker_id, claimed_at, overdue_at, tasks)
    select t.worker_id, p_now, p_now, array_agg(row(t.run_id, t.step_slug, t.task_index, t.attempt, t.available_at)::workflow.claimed_task)
      from unnest(p_run_ids) a(run_id)
     cross join lateral (select k.* from workflow.step_tasks k where k.run_id = a.run_id and k.status = 'started') t
     where (t.run_id, t.step_slug, t.task_index, t.attempt) not in (
             select f.run_id, f.step_slug, f.task_index, f.attempt from workflow.tasks_in_flight() f)
     group by t.worker_id
    returning cardinality(tasks) as tasks
  )
  select coalesce(sum(c.tasks), 0) into v_restored from claim c;
  return v_restored;
end $$;
