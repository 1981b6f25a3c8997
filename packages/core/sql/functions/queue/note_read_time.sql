-- After a read of a whole queue that took longer than what it brought explains: for 20 times as long (so that reading past dead rows costs a
-- twentieth of the time at most) this session begins where that read ended, less 100 ms for messages that become visible out of order. A hint
-- that nothing depends on: a message from before (a resumed run's) waits for the next whole read, or for another session's.
-- A session may set workflow.slow_read_ms, from which time on a read is slow (10).
create or replace function workflow.note_read_time(p_pgmq_queue text, p_began timestamptz, p_taken int, p_reached timestamptz, p_now timestamptz)
  returns void
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_took interval := clock_timestamp() - p_began;
  v_slow interval := coalesce(nullif(current_setting('workflow.slow_read_ms', true), ''), '10')::int * interval '1 millisecond';
begin
  if v_took > v_slow + p_taken * interval '50 microseconds' then
    perform set_config('workflow.read_' || p_pgmq_queue, (p_reached - interval '100 milliseconds')::text || '|' || (p_now + 20 * v_took)::text, false);
  end if;
end $$;
