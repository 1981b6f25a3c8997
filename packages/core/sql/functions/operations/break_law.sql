-- What happens when a row would break a law of its table (lawful_runs, lawful_steps, lawful_tasks): the statement fails like one that breaks a CHECK
-- of that name. Never returns; boolean, for it stands in a condition.
-- Errors:  check_violation
create or replace function workflow.break_law(p_table text, p_law text, p_row jsonb)
  returns boolean
  language plpgsql
  set search_path = ''
as $$
begin
  raise exception 'row of table % breaks the law %: %', p_table, p_law, left(p_row::text, 1000)
    using errcode = 'check_violation', schema = 'workflow', table = p_table, constraint = p_law;
end $$;
