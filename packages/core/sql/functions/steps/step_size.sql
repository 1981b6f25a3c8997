-- How many tasks a step has, now that it waits for nobody: one, or the elements of a map's source; or skipped; or the error that says why
-- it cannot be known.
create or replace function workflow.step_size(p_run_id uuid, p_step workflow.workflow_steps, out skipped boolean, out elements int, out error jsonb)
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  v_array jsonb;
begin
  skipped  := false;
  elements := 1;
  if p_step.kind = 'single' then
    return;
  end if;
  skipped := exists (select from workflow.step_states s where s.run_id = p_run_id and s.step_slug = p_step.over_step and s.status = 'skipped');
  if skipped then
    return;
  end if;
  v_array := workflow.map_source(p_run_id, p_step);
  if jsonb_typeof(v_array) = 'array' then
    elements := jsonb_array_length(v_array);
  else
    elements := null;
    error := jsonb_build_object('code', 'type_violation', 'step', p_step.step_slug, 'message',
      format('map step %s needs an array from %s, not %s', p_step.step_slug,
             coalesce(array_to_string(p_step.over_step || p_step.over_path, '.'), 'the run''s input'), coalesce(jsonb_typeof(v_array), 'nothing')));
  end if;
end $$;
