-- The output of a completed step: of its one task, or of all tasks of a map in the order of their index.
create or replace function workflow.step_output(p_run_id uuid, p_definition_id uuid, p_step_slug text)
  returns jsonb
  language plpgsql stable security definer
  set search_path = ''
  set enable_seqscan = off
as $$
begin
  if (select s.kind from workflow.workflow_steps s where s.definition_id = p_definition_id and s.step_slug = p_step_slug) = 'single' then
    return (select t.output from workflow.step_tasks t where t.run_id = p_run_id and t.step_slug = p_step_slug and t.task_index = 0);
  end if;
  return (select coalesce(jsonb_agg(t.output order by t.task_index), '[]')
            from workflow.step_tasks t
           where t.run_id = p_run_id and t.step_slug = p_step_slug and t.status = 'completed');
end $$;
