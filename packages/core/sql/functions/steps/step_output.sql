-- The output of a step that completed: that of its one task, or for a map the outputs of its tasks in the order of their index.
create or replace function workflow.step_output(p_run_id uuid, p_definition_id uuid, p_step_slug text)
  returns jsonb
  language plpgsql stable security definer
  set search_path = ''
  set enable_seqscan = off
as $$
begin
  if exists (select from workflow.workflow_steps s where s.definition_id = p_definition_id and s.step_slug = p_step_slug and s.kind = 'map') then
    return workflow.map_output(p_run_id, p_step_slug);
  end if;
  return (select t.output from workflow.step_tasks t where t.run_id = p_run_id and t.step_slug = p_step_slug and t.task_index = 0 and t.status = 'completed');
end $$;
