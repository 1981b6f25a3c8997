-- Refuses dependencies that name no step, a graph without a root, and a cycle (which is named whole). Shapes were checked before.
-- Each dependency is looked at once: 1,000 steps in a chain take milliseconds.
-- Errors:  WF104 unknown_dependency, WF105 definition_cycle, WF106 no_root_step
create or replace function workflow.check_dependencies(p_definition jsonb)
  returns void
  language plpgsql immutable
  set search_path = ''
as $$
declare
  v_steps       text[] := array(select s ->> 'slug' from jsonb_array_elements(p_definition -> 'steps') s);
  v_from        text[];  -- v_from[n] waits for
  v_to          text[];  -- v_to[n]
  v_dependents  int[];   -- positions of the steps that wait for step 1, then of those that wait for step 2, ...
  v_first       int[];   -- where those of each step begin
  v_waits       int[];   -- how many others a step still waits for
  v_free        int[];   -- those that wait for nobody (any more)
  v_at          int := 0;
  v_slug        text;
  v_missing     text;
  v_path        text[];
begin
  select coalesce(array_agg(s ->> 'slug'), '{}'), coalesce(array_agg(d.slug), '{}') into v_from, v_to
    from jsonb_array_elements(p_definition -> 'steps') s, unnest(workflow.dependencies_of(s)) d(slug);

  select e.f, e.t into v_slug, v_missing
    from unnest(v_from, v_to) e(f, t) where not exists (select from unnest(v_steps) s(slug) where s.slug = e.t) limit 1;
  if found then
    perform workflow.refuse('WF104', format('step %s depends on %s, which does not exist', v_slug, v_missing), format('steps.%s.depends_on', v_slug));
  end if;

  with step as (
    select s.slug, s.at::int from unnest(v_steps) with ordinality s(slug, at)
  ), edge as (
    select f.at as dependent, t.at as dependency from unnest(v_from, v_to) e(f, t) join step f on f.slug = e.f join step t on t.slug = e.t
  )
  select array(select e.dependent from edge e order by e.dependency),
         array(select count(e.dependency)::int from step s left join edge e on e.dependent = s.at group by s.at order by s.at),
         array(select (1 + sum(count(e.dependent)) over (order by s.at) - count(e.dependent))::int
                 from step s left join edge e on e.dependency = s.at group by s.at order by s.at)
    into v_dependents, v_waits, v_first;

  v_free := array(select i from generate_subscripts(v_waits, 1) i where v_waits[i] = 0);
  if cardinality(v_free) = 0 then
    perform workflow.refuse('WF106', format('workflow %s has no step without dependencies', p_definition ->> 'slug'), 'steps');
  end if;

  -- Take away what waits for nobody, one after the other; what never goes is on a cycle or behind one.
  while v_at < cardinality(v_free) loop
    v_at := v_at + 1;
    for v_edge in v_first[v_free[v_at]] .. coalesce(v_first[v_free[v_at] + 1], cardinality(v_dependents) + 1) - 1 loop
      v_waits[v_dependents[v_edge]] := v_waits[v_dependents[v_edge]] - 1;
      if v_waits[v_dependents[v_edge]] = 0 then
        v_free := v_free || v_dependents[v_edge];
      end if;
    end loop;
  end loop;
  if cardinality(v_free) = cardinality(v_steps) then
    return;
  end if;

  v_steps := array(select v_steps[i] from generate_subscripts(v_waits, 1) i where v_waits[i] > 0);
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
