-- The value of a bound. A bound that does not exist is a mistake of ours, so it is an error and not a null.
create or replace function workflow.limit_of(p_name text)
  returns bigint
  language plpgsql stable security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
as $$
declare
  v_value bigint;
begin
  select l.value into strict v_value from workflow.limits l where l.name = p_name;
  return v_value;
end $$;
