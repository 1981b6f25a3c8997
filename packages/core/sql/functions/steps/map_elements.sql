-- The elements at these indexes of the array that a map step maps over, in the order asked for. The array is read once, however many of
-- its elements are wanted: a claim takes many tasks of one map, and a large array is expensive to unpack.
create or replace function workflow.map_elements(p_run_id uuid, p_definition_id uuid, p_step_slug text, p_indexes int[])
  returns table (ordinal int, element jsonb)
  language plpgsql stable security definer
  set search_path = ''
  set enable_seqscan = off
as $$
declare
  v_step  workflow.workflow_steps;
  v_array jsonb;
begin
  select * into strict v_step from workflow.workflow_steps s where s.definition_id = p_definition_id and s.step_slug = p_step_slug;
  if v_step.over_path = '{}' and exists (select from workflow.workflow_steps s where s.definition_id = p_definition_id
                                           and s.step_slug = v_step.over_step and s.kind = 'map') then
    return query  -- a map over a map: element i is the output of task i
      select i.ordinality::int, t.output
        from unnest(p_indexes) with ordinality i(task_index, ordinality)
        join workflow.step_tasks t on t.run_id = p_run_id and t.step_slug = v_step.over_step and t.task_index = i.task_index;
    return;
  end if;
  v_array := workflow.map_source(p_run_id, v_step);
  return query select i.ordinality::int, v_array -> i.task_index from unnest(p_indexes) with ordinality i(task_index, ordinality);
end $$;
