-- The array that a map step maps over: the run's input, or its source's output at the path that the definition names.
create or replace function workflow.map_source(p_run_id uuid, p_step workflow.workflow_steps)
  returns jsonb
  language plpgsql stable security definer
  set search_path = ''
  set enable_seqscan = off
as $$
declare
  v_kind text;
begin
  if p_step.over_step is null then
    return (select r.input from workflow.workflow_runs r where r.run_id = p_run_id);
  end if;
  select s.kind into v_kind from workflow.workflow_steps s where s.definition_id = p_step.definition_id and s.step_slug = p_step.over_step;
  if v_kind = 'map' then
    return workflow.map_output(p_run_id, p_step.over_step) #> p_step.over_path;
  end if;
  return (select t.output #> p_step.over_path
            from workflow.step_tasks t where t.run_id = p_run_id and t.step_slug = p_step.over_step and t.task_index = 0);
end $$;
