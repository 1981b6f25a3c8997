-- The messages that were claimed and not yet removed, of all queues; is_visible: past their visibility timeout. As many as tasks are running.
create or replace function workflow.messages_in_flight(p_now timestamptz)
  returns table (queue text, message_id bigint, run_id uuid, step_slug text, task_index int, is_visible boolean)
  language plpgsql stable security definer rows 100
  set search_path = ''
  set enable_seqscan = off
as $$
declare
  v_queue text;
begin
  for v_queue in select workflow.pgmq_name(q.name, p) from workflow.queues q, generate_series(0, 2) p loop
    return query execute format(
      'select $2, m.msg_id, (m.message ->> ''run_id'')::uuid, m.message ->> ''step_slug'', (m.message ->> ''task_index'')::int, m.vt <= $1
         from pgmq.%I m where m.read_ct > 0', 'q_' || v_queue)
      using p_now, v_queue;
  end loop;
end $$;
