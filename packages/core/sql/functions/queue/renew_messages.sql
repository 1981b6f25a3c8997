-- Keeps the messages of running tasks hidden: [{message_id, queue}]. Only those past half of their time are written.
-- Locks: skip locked; whoever holds a message is about to remove it, and a renewal never waits.
create or replace function workflow.renew_messages(p_in_flight jsonb, p_now timestamptz, p_visibility_ms bigint)
  returns void
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_queue text;
  v_ids   bigint[];
begin
  for v_queue, v_ids in
    select h.queue, array_agg(h.message_id)
      from jsonb_to_recordset(p_in_flight) as h(queue text, message_id bigint)
      join workflow.queues known on known.name = left(h.queue, -3) and right(h.queue, 3) in ('_p0', '_p1', '_p2')
     group by h.queue
  loop
    execute format(
      'update pgmq.%1$I q set vt = $2
        where q.msg_id in (select h.msg_id from pgmq.%1$I h
                            where h.msg_id = any($1) and h.read_ct > 0 and h.vt < $3
                              for update skip locked)', 'q_' || v_queue)
      using v_ids, p_now + p_visibility_ms * interval '1 millisecond', p_now + p_visibility_ms * interval '500 microseconds';
  end loop;
end $$;
