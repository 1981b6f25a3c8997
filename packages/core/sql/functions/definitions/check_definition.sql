-- Refuses a definition that is not one: shape, slugs, options, dependencies, maps, cycles. The first thing that is wrong is named.
-- Errors:  WF101 invalid_definition, WF102 bad_slug, WF103 duplicate_step, WF104 unknown_dependency, WF105 definition_cycle,
--          WF106 no_root_step, WF107 map_with_many_sources, WF108 too_many_steps, WF109 bad_option, WF110 bad_queue
create or replace function workflow.check_definition(p_definition jsonb)
  returns void
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  c_slug    constant text := '^[a-z][a-z0-9_-]{0,46}$';
  c_options constant text[] := array['max_attempts', 'base_delay_ms', 'max_delay_ms', 'timeout_ms', 'queue'];
  v_step    jsonb;
  v_bad     text;
  v_max     bigint := workflow.limit_of('steps_max');
begin
  if p_definition is null or jsonb_typeof(p_definition) <> 'object' then
    perform workflow.refuse('WF101', 'a definition is a JSON object', 'definition');
  elsif coalesce(p_definition ->> 'slug' !~ c_slug, true) or jsonb_typeof(p_definition -> 'slug') <> 'string' then
    perform workflow.refuse('WF102', format('workflow slug "%s" must match %s', p_definition ->> 'slug', c_slug), 'slug');
  elsif coalesce(jsonb_typeof(p_definition -> 'steps') <> 'array', true) or jsonb_array_length(p_definition -> 'steps') = 0 then
    perform workflow.refuse('WF101', format('workflow %s: steps must be an array with at least one step', p_definition ->> 'slug'), 'steps');
  elsif jsonb_array_length(p_definition -> 'steps') > v_max then
    perform workflow.refuse('WF108', format('workflow %s has %s steps; at most %s are allowed', p_definition ->> 'slug',
                            jsonb_array_length(p_definition -> 'steps'), v_max), 'steps', jsonb_build_object('steps_max', v_max));
  end if;
  perform workflow.check_options(p_definition, '', c_options || array['slug', 'steps']);

  for v_step in select s from jsonb_array_elements(p_definition -> 'steps') s loop
    if jsonb_typeof(v_step) <> 'object' then
      perform workflow.refuse('WF101', 'a step is a JSON object', 'steps');
    elsif coalesce(v_step ->> 'slug' !~ c_slug, true) or jsonb_typeof(v_step -> 'slug') <> 'string' then
      perform workflow.refuse('WF102', format('step slug "%s" must match %s', v_step ->> 'slug', c_slug), 'steps.slug');
    end if;
    perform workflow.check_options(v_step, format('steps.%s.', v_step ->> 'slug'),
                                   c_options || array['slug', 'kind', 'depends_on', 'over', 'start_delay_ms', 'when_exhausted']);
    perform workflow.check_step_shape(v_step);
  end loop;

  select s ->> 'slug' into v_bad
    from jsonb_array_elements(p_definition -> 'steps') s group by 1 having count(*) > 1 limit 1;
  if found then
    perform workflow.refuse('WF103', format('step %s is defined twice', v_bad), format('steps.%s', v_bad));
  end if;
  perform workflow.check_dependencies(p_definition);
end $$;
