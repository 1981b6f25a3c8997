-- Changes a bound for this database. For the owner: the command line calls it with the administrator's login.
-- Errors:  WF003 unknown_limit, WF001 invalid_request (a bound is positive)
create or replace function workflow.set_limit(p_name text, p_value bigint)
  returns void
  language plpgsql security definer
  set search_path = ''
as $$
begin
  if p_value is null or p_value <= 0 then
    perform workflow.refuse('WF001', format('limit %s must be a positive number', p_name), 'value');
  end if;
  update workflow.limits l set value = p_value where l.name = p_name;
  if not found then
    perform workflow.refuse('WF003', format('there is no limit named %s', p_name), 'name');
  end if;
end $$;
