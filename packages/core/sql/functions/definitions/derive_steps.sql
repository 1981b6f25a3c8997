-- Writes the local, resolved form of a definition: one row a step with every option decided (step over workflow over default) and one
-- row a dependency. Keyed by the content, so twice is once. A map that names its source in depends_on only maps over all of its output.
create or replace function workflow.derive_steps(p_definition_id uuid, p_definition jsonb)
  returns void
  language sql security definer
  set search_path = ''
as $$
  with step as (
    select s.ordinality, s.value as step, s.value ->> 'slug' as slug, coalesce(s.value ->> 'kind', 'single') as kind,
           workflow.dependencies_of(s.value) as dependencies, (p_definition - 'steps') || s.value as options
      from jsonb_array_elements(p_definition -> 'steps') with ordinality s
  ), edge as (
    select s.ordinality, s.slug, d.slug as dependency from step s, unnest(s.dependencies) d(slug)
  ), dependency as (
    insert into workflow.workflow_step_dependencies (definition_id, step_slug, depends_on)
    select p_definition_id, e.slug, e.dependency from edge e
    on conflict do nothing
  ), dependent as (
    select e.dependency as slug, array_agg(e.slug order by e.ordinality) as slugs from edge e group by e.dependency
  )
  insert into workflow.workflow_steps
    (definition_id, step_slug, step_index, kind, over_step, over_path, dependencies, dependents, sole_leaf, gathers_maps, queue,
     max_attempts, base_delay_ms, max_delay_ms, start_delay_ms, timeout_ms, when_exhausted)
  select p_definition_id, s.slug, s.ordinality - 1, s.kind,
         case when s.kind = 'map' then s.dependencies[1] end,
         coalesce((string_to_array(s.step ->> 'over', '.'))[2:], '{}'),
         s.dependencies,
         coalesce(o.slugs, '{}'),
         o.slugs is null and s.kind = 'single' and (select count(*) from step) = (select count(*) from dependent) + 1,
         exists (select from step b where b.slug = any (s.dependencies) and b.kind = 'map'),
         coalesce(s.options ->> 'queue', 'default'),
         coalesce((s.options ->> 'max_attempts')::int, 3),
         coalesce((s.options ->> 'base_delay_ms')::bigint, 1000),
         coalesce((s.options ->> 'max_delay_ms')::bigint, 60000),
         coalesce((s.step ->> 'start_delay_ms')::bigint, 0),
         coalesce((s.options ->> 'timeout_ms')::bigint, 60000),
         coalesce(s.step ->> 'when_exhausted', 'fail')
    from step s
    left join dependent o on o.slug = s.slug
  on conflict do nothing
$$;
