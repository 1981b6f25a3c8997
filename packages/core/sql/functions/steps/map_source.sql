-- The array that a map step maps over: the run's input, or its source's output at the path that the definition names.
create or replace function workflow.map_source(p_run_id uuid, p_step workflow.workflow_steps)
  returns jsonb
  language sql stable security definer
  set search_path = ''
as $$
  select case when p_step.over_step is null then (select r.input from workflow.workflow_runs r where r.run_id = p_run_id)
              else workflow.step_output(p_run_id, p_step.definition_id, p_step.over_step) #> p_step.over_path end
$$;
