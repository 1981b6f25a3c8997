-- Numbers the steps of a definition by their longest way from a root, level by level.
create or replace function workflow.level_steps(p_definition_id uuid)
  returns void
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_placed text[] := '{}';
  v_level  int := 0;
  v_next   text[];
begin
  loop
    v_next := array(
      select s.step_slug from workflow.workflow_steps s
       where s.definition_id = p_definition_id and s.step_slug <> all (v_placed) and s.dependencies <@ v_placed);
    exit when cardinality(v_next) = 0;
    update workflow.workflow_steps s set step_level = v_level where s.definition_id = p_definition_id and s.step_slug = any (v_next);
    v_placed := v_placed || v_next;
    v_level  := v_level + 1;
  end loop;
end $$;
