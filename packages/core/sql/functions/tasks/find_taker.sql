-- This worker as one that takes over what becomes ready, or null where it may not: it drains, is silent, or no longer leads (active-passive).
-- p_priority: the lowest of what may become ready. The hand-over jumps no queue (as far as read_from sees it): where something more urgent waits for
-- this worker, only tasks as urgent as that are handed over.
create or replace function workflow.find_taker(p_worker uuid, p_capacity int, p_leader_token bigint, p_priority smallint, p_now timestamptz)
  returns workflow.task_taker
  language plpgsql stable security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
as $$
declare
  v_worker  workflow.workflow_workers;
  v_queue   text;
  v_waiting int;  -- the highest priority of what waits for this worker and is more urgent
begin
  if coalesce(p_capacity, 0) < 1 then
    return null;
  end if;
  select * into v_worker from workflow.workflow_workers w where w.worker_id = p_worker;
  if not found or v_worker.deprecated_at is not null or workflow.worker_is_gone(v_worker, p_now)
     or workflow.why_not_leading(v_worker, p_leader_token, p_now) is not null then
    return null;
  end if;
  foreach v_queue in array case when p_priority < 2 then v_worker.queues else '{}' end loop
    exit when v_waiting = 2;
    execute format('select greatest($1, pgmq.%I($2, $3))', 'q_' || v_queue || '_waits') into v_waiting using v_waiting, p_priority::int, p_now;
  end loop;
  return row(p_worker, v_worker.heartbeat_timeout_ms, v_worker.queues,
             (select jsonb_object_agg((s.value ->> 0) || '.' || (s.value ->> 1), true) from jsonb_array_elements(v_worker.runnable_steps) s),
             p_capacity, coalesce(v_waiting, 0))::workflow.task_taker;
end $$;
