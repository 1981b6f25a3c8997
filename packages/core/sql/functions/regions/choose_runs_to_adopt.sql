-- The next runs of a group's adoption, as many as have about p_rows_max tasks and steps together; none where the first alone has more tasks than that
-- (adopt_tasks takes it in parts). What is gone by now, or has the tenure already, is taken off the list.
create or replace function workflow.choose_runs_to_adopt(p_group text, p_tenure bigint, p_rows_max int)
  returns uuid[]
  language plpgsql volatile security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
begin
  delete from workflow.adoption_work w
   where w.placement_group = p_group
     and w.run_id in (select x.run_id from workflow.adoption_work x where x.placement_group = p_group order by x.run_id limit p_rows_max)
     and not exists (select from workflow.workflow_runs r where r.run_id = w.run_id and r.home_epoch < p_tenure);
  return array(
    select c.run_id
      from (select w.run_id, t.tasks, sum(t.tasks + s.steps + 1) over (order by w.run_id) as rows_so_far, row_number() over (order by w.run_id) as place
              from (select x.run_id from workflow.adoption_work x where x.placement_group = p_group order by x.run_id limit p_rows_max) w
             cross join lateral (select count(*) as tasks from workflow.step_tasks k where k.run_id = w.run_id and k.home_epoch < p_tenure) t
             cross join lateral (select count(*) as steps from workflow.step_states k where k.run_id = w.run_id and k.home_epoch < p_tenure) s) c
     where c.rows_so_far <= p_rows_max or c.place = 1 and c.tasks <= p_rows_max
     order by c.run_id);
end $$;
