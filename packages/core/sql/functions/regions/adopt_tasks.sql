-- Gives tasks of these runs a new tenure, at most p_limit of them (null: all): the part of adopt_runs that may be too large for one transaction.
-- The stream of the former home may be bringing these runs at this moment: what is chosen is locked and found again by its key, for a row that an apply
-- worker has just updated has another ctid, and would be left behind with its former tenure.
-- Returns how many. Locks: the rows of the runs, so that no more tasks of them come until the end of the transaction; the tasks
create or replace function workflow.adopt_tasks(p_run_ids uuid[], p_tenure bigint, p_tick bigint, p_now timestamptz, p_limit int)
  returns int
  language plpgsql volatile security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
declare
  v_stamp  jsonb := jsonb_build_object('home_epoch', p_tenure, 'written_tick', p_tick);
  v_queued jsonb := jsonb_build_object('status', 'queued', 'worker_id', null, 'started_at', null, 'available_at', p_now);
  v_count  int;
begin
  perform from workflow.workflow_runs r where r.run_id = any (p_run_ids) order by r.run_id for update;
  with chosen as materialized (
    select k.run_id, k.step_slug, k.task_index, k.residency
      from workflow.step_tasks k where k.run_id = any (p_run_ids) and k.home_epoch < p_tenure
     limit p_limit for update
  ), former as (
    delete from workflow.step_tasks t
     using chosen c
     where t.run_id = c.run_id and t.step_slug = c.step_slug and t.task_index = c.task_index and t.residency = c.residency
    returning t
  )
  insert into workflow.lawful_tasks
    select n.*
      from former f
     cross join lateral jsonb_populate_record(f.t, v_stamp || jsonb_build_object('revision', (f.t).revision + 1)
                                                   || case when (f.t).status = 'started' then v_queued else '{}' end) n;
  get diagnostics v_count = row_count;
  return v_count;
end $$;
