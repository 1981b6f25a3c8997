-- From which time of visibility on a queue is read in this session (note_read_time): mostly all of it.
-- A transaction that somebody leaves open keeps every message that was taken since as a dead row, and a claim would read past all of them each time.
-- A session that wants every message at once, whatever that costs, sets workflow.read_whole_queues to on.
create or replace function workflow.read_from(p_pgmq_queue text, p_now timestamptz)
  returns timestamptz
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  v_note text := current_setting('workflow.read_' || p_pgmq_queue, true);
begin
  if v_note > '' and current_setting('workflow.read_whole_queues', true) is distinct from 'on' and p_now < split_part(v_note, '|', 2)::timestamptz then
    return split_part(v_note, '|', 1)::timestamptz;
  end if;
  return '-infinity';
end $$;
