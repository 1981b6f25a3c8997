-- The steps that a step of a definition waits for: depends_on, or the source of a map.
create or replace function workflow.dependencies_of(p_step jsonb)
  returns text[]
  language sql immutable
  set search_path = ''
as $$
  select coalesce(array_agg(distinct d.slug), '{}')
    from (select jsonb_array_elements_text(coalesce(p_step -> 'depends_on', '[]'))
          union
          select split_part(p_step ->> 'over', '.', 1) where p_step ? 'over') as d(slug)
$$;
