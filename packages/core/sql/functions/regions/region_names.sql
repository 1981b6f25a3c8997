-- The regions of these members by name, for a sentence; a member that is not known here goes by its id, or whatever stands there. Null where there are none.
create or replace function workflow.region_names(p_members jsonb)
  returns text
  language sql stable
  set search_path = ''
as $$
  select string_agg(coalesce(m.region, g.id), ', ' order by coalesce(m.region, g.id))
    from jsonb_array_elements_text(case jsonb_typeof(p_members) when 'array' then p_members else '[]' end) as g(id)
    left join workflow.region_members m on m.member_id::text = lower(g.id)
$$;
