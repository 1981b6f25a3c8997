-- Raises a typed error: SQLSTATE is the code (core/src/domain/errors.ts), DETAIL the offending field and facts as JSON.
create or replace function workflow.refuse(p_sqlstate text, p_message text, p_field text default null, p_facts jsonb default '{}')
  returns void
  language plpgsql
  set search_path = ''
as $$
begin
  raise exception using
    errcode = p_sqlstate,
    message = p_message,
    detail  = (p_facts || jsonb_build_object('field', p_field))::text;
end $$;
