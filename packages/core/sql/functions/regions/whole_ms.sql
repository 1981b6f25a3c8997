-- A number of ms in a decided value, as whole ones. Null where it is none: what other releases write into a value must stop nobody who learns it.
create or replace function workflow.whole_ms(p_number jsonb)
  returns bigint
  language sql immutable
  set search_path = ''
as $$
  select case when jsonb_typeof(p_number) = 'number' and abs((p_number #>> '{}')::numeric) < 1e15 then trunc((p_number #>> '{}')::numeric)::bigint end
$$;
