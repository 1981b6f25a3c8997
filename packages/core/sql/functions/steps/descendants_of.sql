-- The steps of a definition that depend on this one, directly or through others.
create or replace function workflow.descendants_of(p_definition_id uuid, p_step_slug text)
  returns setof text
  language sql stable security definer
  set search_path = ''
as $$
  with recursive below(step_slug) as (
    select d.step_slug from workflow.workflow_step_dependencies d where d.definition_id = p_definition_id and d.depends_on = p_step_slug
    union
    select d.step_slug
      from below b
      join workflow.workflow_step_dependencies d on d.definition_id = p_definition_id and d.depends_on = b.step_slug
  )
  select step_slug from below
$$;
