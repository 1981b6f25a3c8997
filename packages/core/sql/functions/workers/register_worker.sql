-- Makes a process known, or known again: {worker_id, app, host, pid, version, heartbeat_timeout_ms, visibility_timeout_ms, region?, role?,
-- orchestrator_group?, address?, queues?, runnable_steps?, capacity?}. Returns the time of registration.
-- A worker id is used once: one that was stopped, or whose tasks were taken away, is refused and must come back under another.
-- Errors:  WF301 worker_unknown, WF110 bad_queue
create or replace function workflow.register_worker(p_worker jsonb)
  returns timestamptz
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_now    timestamptz := workflow.clock();
  v_worker workflow.workflow_workers := jsonb_populate_record(null::workflow.workflow_workers, p_worker);
  v_queue  text;
begin
  foreach v_queue in array coalesce(v_worker.queues, '{}') loop
    perform workflow.ensure_queue(v_queue);
  end loop;

  insert into workflow.workflow_workers as w
    (worker_id, app, region, role, orchestrator_group, host, pid, version, address, queues, runnable_steps, capacity,
     heartbeat_timeout_ms, visibility_timeout_ms, started_at, last_heartbeat_at)
  values
    (v_worker.worker_id, v_worker.app, coalesce(v_worker.region, 'local'), v_worker.role, v_worker.orchestrator_group, v_worker.host,
     v_worker.pid, v_worker.version, v_worker.address, coalesce(v_worker.queues, '{}'), coalesce(v_worker.runnable_steps, '[]'),
     coalesce(v_worker.capacity, 0), v_worker.heartbeat_timeout_ms, v_worker.visibility_timeout_ms, v_now, v_now)
  on conflict (worker_id) do update
     set last_heartbeat_at = v_now, expired_at = null, role = excluded.role, orchestrator_group = excluded.orchestrator_group,
         address = excluded.address, queues = excluded.queues,
         runnable_steps = excluded.runnable_steps, capacity = excluded.capacity
   where w.stopped_at is null and w.tasks_requeued_at is null;
  if not found then
    perform workflow.refuse('WF301', format('worker %s was stopped or judged dead; register under a new id', v_worker.worker_id), 'worker_id');
  end if;
  return v_now;
end $$;
