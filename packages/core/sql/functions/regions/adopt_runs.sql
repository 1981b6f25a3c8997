-- Gives these runs, with all their rows, a group's new tenure: whole rows are deleted and inserted (an UPDATE would not carry unchanged TOASTed columns,
-- and would miss at peers that lack the row). The run row last: at peers it takes what is left of older tenures with it (R3), which is then only what this
-- region did not have; before its children it would take them all, and keep each as a conflict.
-- Started tasks are queued again; their attempt numbers stay taken. Definitions come before them, so that one stream carries both in order.
-- Rows that have the tenure already (of a run that came in several chunks) are left as they are.
-- Locks: the rows of the runs first. The stream of the former home may be bringing them at this moment (late rows), and every new row of a run holds the
-- run's (guards): what came before this is committed and seen by the statements below, what comes after it is of a tenure that is over, and is dropped.
create or replace function workflow.adopt_runs(p_run_ids uuid[], p_tenure bigint, p_tick bigint, p_now timestamptz)
  returns void
  language plpgsql volatile security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
declare
  v_stamp jsonb := jsonb_build_object('home_epoch', p_tenure, 'written_tick', p_tick);
begin
  perform from workflow.workflow_runs r where r.run_id = any (p_run_ids) order by r.run_id for update;
  perform workflow.own_definitions(array(select distinct r.definition_id from workflow.workflow_runs r where r.run_id = any (p_run_ids)), p_tick);

  with former as (
    delete from workflow.step_states s where s.run_id = any (p_run_ids) and s.home_epoch < p_tenure returning s
  )
  insert into workflow.lawful_steps
    select n.* from former f cross join lateral jsonb_populate_record(f.s, v_stamp || jsonb_build_object('revision', (f.s).revision + 1)) n;
  with former as (
    delete from workflow.step_attempts a where a.run_id = any (p_run_ids) and a.home_epoch < p_tenure returning a
  )
  insert into workflow.step_attempts
    select n.* from former f cross join lateral jsonb_populate_record(f.a, v_stamp || jsonb_build_object('revision', (f.a).revision + 1)) n;
  perform workflow.adopt_tasks(p_run_ids, p_tenure, p_tick, p_now, null);

  with former as (
    delete from workflow.workflow_runs r where r.run_id = any (p_run_ids) and r.home_epoch < p_tenure returning r
  )
  insert into workflow.lawful_runs
    select n.* from former f cross join lateral jsonb_populate_record(f.r, v_stamp || jsonb_build_object('revision', (f.r).revision + 1)) n;
end $$;
