-- Numbers the steps of a definition by their longest way from a root, level by level.
create or replace function workflow.level_steps(p_definition_id uuid)
  returns void
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_levels int[];
begin
  with step as (
    select s.step_slug, s.step_index + 1 as at from workflow.workflow_steps s where s.definition_id = p_definition_id
  )
  select workflow.levels_of((select count(*)::int from step), coalesce(array_agg(f.at), '{}'), coalesce(array_agg(t.at), '{}')) into v_levels
    from workflow.workflow_step_dependencies d
    join step f on f.step_slug = d.step_slug
    join step t on t.step_slug = d.depends_on
   where d.definition_id = p_definition_id;
  update workflow.workflow_steps s set step_level = v_levels[s.step_index + 1] where s.definition_id = p_definition_id;
end $$;
