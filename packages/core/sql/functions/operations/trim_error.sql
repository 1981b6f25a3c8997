-- An error within the bound error_bytes_max: {code, message, ...}. What is longer keeps its code and the beginnings of message and stack, as
-- much as fits: a character may have up to 4 bytes, and up to 6 when escaped.
create or replace function workflow.trim_error(p_error jsonb)
  returns jsonb
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  v_max     bigint;
  v_part    int;
  v_trimmed jsonb;
begin
  if p_error is null then
    return null;
  end if;
  v_max := workflow.limit_of('error_bytes_max');
  if octet_length(p_error::text) <= v_max then
    return p_error;
  end if;
  foreach v_part in array array[2, 4, 12] loop
    v_trimmed := jsonb_strip_nulls(jsonb_build_object(
      'code',      left(p_error ->> 'code', 100),
      'message',   left(p_error ->> 'message', (v_max / v_part)::int),
      'stack',     left(p_error ->> 'stack', (v_max / (v_part * 2))::int),
      'truncated', true));
    exit when octet_length(v_trimmed::text) <= v_max;
  end loop;
  return v_trimmed;
end $$;
