-- Puts messages into their queues, one statement for each queue. Always last in a transaction: a message never precedes its task.
-- Returns the names of the queues (without priority) that got something to read now, for the wake-up after the commit.
create or replace function workflow.send_messages(p_messages workflow.outgoing_message[])
  returns text[]
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
as $$
declare
  v_queue  text;
  v_queues text[] := '{}';
begin
  for v_queue in select distinct m.queue from unnest(p_messages) m loop
    execute format('select pgmq.%I($1)', 'q_' || v_queue || '_send') using p_messages;
    if not left(v_queue, -3) = any (v_queues) then
      v_queues := v_queues || left(v_queue, -3);
    end if;
  end loop;
  return v_queues;
end $$;
