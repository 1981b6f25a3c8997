-- What happens when a row would break a law of its table (enact_laws): the statement fails like one that breaks a CHECK of that name.
create or replace function workflow.break_law()
  returns trigger
  language plpgsql
  set search_path = ''
as $$
begin
  raise exception 'row of table % breaks the law %: %', tg_table_name, tg_name, left(to_jsonb(new)::text, 1000)
    using errcode = 'check_violation', schema = tg_table_schema, table = tg_table_name, constraint = tg_name;
end $$;
