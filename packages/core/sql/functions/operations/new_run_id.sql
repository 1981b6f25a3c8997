-- A version 7 UUID: ids of runs rise with time. PostgreSQL 18 makes them itself; before it, the same layout by hand (RFC 9562, 5.7).
create or replace function workflow.new_run_id()
  returns uuid
  language plpgsql volatile
  set search_path = ''
as $$
declare
  v_bytes bytea;
begin
  if current_setting('server_version_num')::int >= 180000 then
    return pg_catalog.uuidv7();
  end if;
  v_bytes := uuid_send(gen_random_uuid());
  v_bytes := overlay(v_bytes placing substring(int8send(floor(extract(epoch from clock_timestamp()) * 1000)::bigint) from 3) from 1 for 6);
  v_bytes := set_byte(v_bytes, 6, (get_byte(v_bytes, 6) & 15) | 112);  -- version 7; the variant is already right
  return encode(v_bytes, 'hex')::uuid;
end $$;
