-- An error within the bound error_bytes_max: {code, message, ...}. What is longer keeps its code and the beginnings of message and stack.
create or replace function workflow.trim_error(p_error jsonb)
  returns jsonb
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  v_max bigint;
begin
  if p_error is null then
    return null;
  end if;
  v_max := workflow.limit_of('error_bytes_max');
  if octet_length(p_error::text) <= v_max then
    return p_error;
  end if;
  return jsonb_strip_nulls(jsonb_build_object(  -- a character has up to 4 bytes and up to 6 when escaped
    'code',      left(p_error ->> 'code', 100),
    'message',   left(p_error ->> 'message', (v_max / 12)::int),
    'stack',     left(p_error ->> 'stack', (v_max / 24)::int),
    'truncated', true));
end $$;
