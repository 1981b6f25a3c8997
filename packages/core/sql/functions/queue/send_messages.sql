-- Puts messages into their queues, one statement for each queue. Always last in a transaction: a message never precedes its task.
-- Returns the names of the queues (without priority) that got something to read now, for the wake-up after the commit.
create or replace function workflow.send_messages(p_messages workflow.outgoing_message[])
  returns text[]
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_queue text;
begin
  for v_queue in select distinct m.queue from unnest(p_messages) m loop
    execute format(
      'insert into pgmq.%I (vt, message)
       select m.visible_at, jsonb_build_object(''run_id'', m.run_id, ''step_slug'', m.step_slug, ''task_index'', m.task_index)
         from unnest($1) m where m.queue = $2', 'q_' || v_queue)
      using p_messages, v_queue;
  end loop;
  return array(select distinct left(m.queue, -3) from unnest(p_messages) m);
end $$;
