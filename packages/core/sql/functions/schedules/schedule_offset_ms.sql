-- How much later than its slots a schedule fires: its own share of its jitter, always the same, so that schedules of one second spread and the
-- slots of one schedule keep their distance. From a hash of its name, the same in every database.
create or replace function workflow.schedule_offset_ms(p_tenant text, p_name text, p_jitter_ms int)
  returns int
  language sql immutable parallel safe
  set search_path = ''
as $$
  select case when p_jitter_ms > 0
              then ((('x' || substr(encode(sha256(convert_to(p_tenant || '/' || p_name, 'UTF8')), 'hex'), 1, 8))::bit(32)::bigint & 2147483647)
                    % (p_jitter_ms::bigint + 1))::int
              else 0 end
$$;
