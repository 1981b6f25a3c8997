-- The output of a map step that completed: the outputs of its tasks in the order of their index.
create or replace function workflow.map_output(p_run_id uuid, p_step_slug text)
  returns jsonb
  language plpgsql stable security definer
  set search_path = ''
  set enable_seqscan = off
as $$
begin
  return (select coalesce(jsonb_agg(t.output order by t.task_index), '[]')
            from workflow.step_tasks t
           where t.run_id = p_run_id and t.step_slug = p_step_slug and t.status = 'completed');
end $$;
