-- Refuses a step whose kind, dependencies, source or whenExhausted are not what such a step may have. Its slug was checked before.
-- Errors:  WF101 invalid_definition, WF107 map_with_many_sources, WF109 bad_option
create or replace function workflow.check_step_shape(p_step jsonb)
  returns void
  language plpgsql immutable
  set search_path = ''
as $$
declare
  v_slug text := p_step ->> 'slug';
  v_kind text := coalesce(p_step ->> 'kind', 'single');
  v_deps jsonb := coalesce(p_step -> 'depends_on', '[]');
begin
  if v_kind not in ('single', 'map') then
    perform workflow.refuse('WF109', format('steps.%s.kind must be single or map, not %s', v_slug, p_step -> 'kind'), format('steps.%s.kind', v_slug));
  elsif coalesce(p_step ->> 'when_exhausted', 'fail') not in ('fail', 'skip', 'skip-cascade') then
    perform workflow.refuse('WF109', format('steps.%s.when_exhausted must be fail, skip or skip-cascade, not %s', v_slug, p_step -> 'when_exhausted'),
                            format('steps.%s.when_exhausted', v_slug));
  elsif jsonb_typeof(v_deps) <> 'array' or exists (select from jsonb_array_elements(v_deps) d where jsonb_typeof(d) <> 'string') then
    perform workflow.refuse('WF101', format('steps.%s.depends_on must be an array of step slugs', v_slug), format('steps.%s.depends_on', v_slug));
  elsif (select count(*) <> count(distinct d) from jsonb_array_elements_text(v_deps) d) then
    perform workflow.refuse('WF101', format('steps.%s.depends_on names a step twice', v_slug), format('steps.%s.depends_on', v_slug));
  elsif p_step ? 'over' and (v_kind <> 'map' or jsonb_typeof(p_step -> 'over') <> 'string' or p_step ->> 'over' !~ '^[^.]+(\.[^.]+)*$') then
    perform workflow.refuse('WF101', format('steps.%s.over must be "step" or "step.path", of a map step', v_slug), format('steps.%s.over', v_slug));
  elsif v_kind = 'map' and (select count(distinct source) > 1
                              from (select d as source from jsonb_array_elements_text(v_deps) d
                                    union all
                                    select split_part(p_step ->> 'over', '.', 1) where p_step ? 'over') sources) then
    perform workflow.refuse('WF107', format('map step %s may depend on its source only', v_slug), format('steps.%s.depends_on', v_slug));
  end if;
end $$;
