-- Lets a pgmq queue's ids go on above all that were ever given: at least the microseconds of the clock. After a crash of the server
-- an unlogged sequence starts at 1 again, and a worker from before the crash still names its messages by their old ids.
create or replace function workflow.raise_message_ids(p_pgmq_queue text)
  returns void
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_sequence text := format('pgmq.%I', 'q_' || p_pgmq_queue || '_msg_id_seq');
  v_last     bigint;
begin
  execute format('select last_value from %s', v_sequence) into v_last;
  perform setval(v_sequence::regclass, greatest(v_last, (extract(epoch from clock_timestamp()) * 1000000)::bigint));
end $$;
