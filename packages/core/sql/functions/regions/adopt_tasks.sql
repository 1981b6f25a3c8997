-- Gives tasks of these runs a new tenure, at most p_limit of them (null: all): the part of adopt_runs that may be too large for one transaction.
-- Returns how many.
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
  with former as (
    delete from workflow.step_tasks t
     using (select k.ctid as at from workflow.step_tasks k where k.run_id = any (p_run_ids) and k.home_epoch < p_tenure limit p_limit) chosen
     where t.ctid = chosen.at
    returning t
  )
  insert into workflow.step_tasks
    select n.*
      from former f
     cross join lateral jsonb_populate_record(f.t, v_stamp || jsonb_build_object('revision', (f.t).revision + 1)
                                                   || case when (f.t).status = 'started' then v_queued else '{}' end) n;
  get diagnostics v_count = row_count;
  return v_count;
end $$;
