-- What a version keeps of its definition's steps; no row: the definition is not here.
create or replace function workflow.shape_of_definition(p_definition_id uuid)
  returns table (steps int, leaves int, root_map text)
  language sql stable security definer
  set search_path = ''
as $$
  select count(*)::int, (count(*) filter (where s.dependents = '{}'))::int, min(s.step_slug) filter (where s.kind = 'map' and s.over_step is null)
    from workflow.workflow_steps s
   where s.definition_id = p_definition_id
  having count(*) > 0
$$;
