-- What a step gets that depends on others: {dependency: output} of those that completed; skipped ones have no key.
create or replace function workflow.step_input(p_run_id uuid, p_definition_id uuid, p_dependencies text[])
  returns jsonb
  language sql stable security definer
  set search_path = ''
as $$
  select coalesce(jsonb_object_agg(d.slug, workflow.step_output(p_run_id, p_definition_id, d.slug)), '{}')
    from unnest(p_dependencies) d(slug)
    join workflow.step_states s on s.run_id = p_run_id and s.step_slug = d.slug and s.status = 'completed'
$$;
