-- Puts messages of tasks that are running into their queues, as if just claimed: hidden for the visibility timeout of the task's worker, or
-- for 30 s where that is not known. Only a rebuild does this.
create or replace function workflow.send_messages_in_flight(p_messages workflow.outgoing_message[], p_now timestamptz)
  returns void
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
declare
  v_queue text;
begin
  for v_queue in select distinct m.queue from unnest(p_messages) m loop
    execute format(
      'insert into pgmq.%I (vt, read_ct, last_read_at, message)
       select $3 + coalesce(w.visibility_timeout_ms, 30000) * interval ''1 millisecond'', 1, $3,
              jsonb_build_object(''run_id'', m.run_id, ''step_slug'', m.step_slug, ''task_index'', m.task_index)
         from unnest($1) m
         join workflow.step_tasks t on t.run_id = m.run_id and t.step_slug = m.step_slug and t.task_index = m.task_index
         left join workflow.workflow_workers w on w.worker_id = t.worker_id
        where m.queue = $2', 'q_' || v_queue)
      using p_messages, v_queue, p_now;
  end loop;
end $$;
