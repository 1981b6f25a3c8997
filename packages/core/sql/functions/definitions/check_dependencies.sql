-- Refuses dependencies that name no step, a graph without a root, and a cycle (which is named whole). Shapes were checked before.
-- Errors:  WF104 unknown_dependency, WF105 definition_cycle, WF106 no_root_step
create or replace function workflow.check_dependencies(p_definition jsonb)
  returns void
  language plpgsql immutable
  set search_path = ''
as $$
declare
  v_steps   text[] := array(select s ->> 'slug' from jsonb_array_elements(p_definition -> 'steps') s);
  v_from    text[];  -- v_from[n] waits for
  v_to      text[];  -- v_to[n]
  v_levels  int[];
  v_slug    text;
  v_missing text;
  v_path    text[];
  v_at      int;
begin
  select coalesce(array_agg(s ->> 'slug'), '{}'), coalesce(array_agg(d.slug), '{}') into v_from, v_to
    from jsonb_array_elements(p_definition -> 'steps') s, unnest(workflow.dependencies_of(s)) d(slug);

  select e.f, e.t into v_slug, v_missing
    from unnest(v_from, v_to) e(f, t) where not exists (select from unnest(v_steps) s(slug) where s.slug = e.t) limit 1;
  if found then
    perform workflow.refuse('WF104', format('step %s depends on %s, which does not exist', v_slug, v_missing), format('steps.%s.depends_on', v_slug));
  end if;

  select workflow.levels_of(cardinality(v_steps), coalesce(array_agg(f.at), '{}'), coalesce(array_agg(t.at), '{}')) into v_levels
    from unnest(v_from, v_to) e(f, t)
    join (select s.slug, s.at::int from unnest(v_steps) with ordinality s(slug, at)) f on f.slug = e.f
    join (select s.slug, s.at::int from unnest(v_steps) with ordinality s(slug, at)) t on t.slug = e.t;
  if array_position(v_levels, 0) is null then
    perform workflow.refuse('WF106', format('workflow %s has no step without dependencies', p_definition ->> 'slug'), 'steps');
  elsif array_position(v_levels, null) is null then
    return;
  end if;

  -- Walk from one that is on a cycle or behind one to what it waits for, until a step comes twice.
  v_steps := array(select v_steps[i] from generate_subscripts(v_levels, 1) i where v_levels[i] is null);
  v_path  := v_steps[1:1];
  loop
    select e.t into v_slug from unnest(v_from, v_to) e(f, t) where e.f = v_path[cardinality(v_path)] and e.t = any (v_steps) limit 1;
    v_at   := array_position(v_path, v_slug);
    v_path := v_path || v_slug;
    exit when v_at is not null;
  end loop;
  perform workflow.refuse('WF105', format('the steps depend on each other in a circle: %s', array_to_string(v_path[v_at:], ' -> ')),
                          format('steps.%s.depends_on', v_slug));
end $$;
