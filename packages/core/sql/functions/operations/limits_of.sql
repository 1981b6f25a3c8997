-- The values of several bounds, in the order of their names: limit_of for a hot function that needs more than one.
create or replace function workflow.limits_of(variadic p_names text[])
  returns bigint[]
  language plpgsql stable security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
as $$
declare
  v_values bigint[];
begin
  select array_agg(l.value order by array_position(p_names, l.name)) into v_values from workflow.limits l where l.name = any (p_names);
  if cardinality(v_values) is distinct from cardinality(p_names) then
    raise no_data_found using message = format('one of the bounds %s does not exist', p_names);
  end if;
  return v_values;
end $$;
