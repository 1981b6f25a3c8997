-- All messages that name one of these runs, those too that are held back.
create or replace function workflow.messages_of_runs(p_run_ids uuid[])
  returns workflow.message_ref[]
  language plpgsql stable security definer
  set search_path = ''
  set enable_seqscan = off
as $$
declare
  v_all   workflow.message_ref[] := array(
    select row(h.run_id, h.step_slug, h.task_index)::workflow.message_ref from workflow.held_messages h where h.run_id = any (p_run_ids));
  v_part  workflow.message_ref[];
  v_queue text;
begin
  for v_queue in select workflow.pgmq_name(q.name, p) from workflow.queues q, generate_series(0, 2) p loop
    execute format(
      'select array_agg(row((m.message ->> ''run_id'')::uuid, m.message ->> ''step_slug'', (m.message ->> ''task_index'')::int)::workflow.message_ref)
         from pgmq.%I m where m.message ->> ''run_id'' = any ($1::text[])', 'q_' || v_queue)
      into v_part using p_run_ids;
    v_all := v_all || v_part;
  end loop;
  return v_all;
end $$;
