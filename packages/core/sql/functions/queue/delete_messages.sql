-- Deletes messages by id, each only if it still names the task that it is said to be for: after a crash of the server an id from before
-- it may belong to another task's message. What is not there is not missed.
create or replace function workflow.delete_messages(p_messages workflow.message_ref[])
  returns void
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_queue text;
begin
  for v_queue in
    select distinct m.queue
      from unnest(p_messages) m
      join workflow.queues known on known.name = left(m.queue, -3) and right(m.queue, 3) in ('_p0', '_p1', '_p2')
  loop
    execute format(
      'delete from pgmq.%I q
        using unnest($1) m
        where m.queue = $2 and q.msg_id = m.message_id
          and q.message = jsonb_build_object(''run_id'', m.run_id, ''step_slug'', m.step_slug, ''task_index'', m.task_index)',
      'q_' || v_queue)
      using p_messages, v_queue;
  end loop;
end $$;
