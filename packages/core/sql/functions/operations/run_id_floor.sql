-- The smallest run id that could be made at this time: ids are version 7 UUIDs, which begin with the milliseconds.
-- Inlined: hot functions call it often; it names nothing that a search path could change.
create or replace function workflow.run_id_floor(p_time timestamptz)
  returns uuid
  language sql immutable
as $$
  select encode(substring(int8send(greatest(0, floor(extract(epoch from p_time) * 1000))::bigint) from 3) || '\x70008000000000000000'::bytea, 'hex')::uuid
$$;
