-- The one rule for a dead worker: stopped, its tasks already taken away, or silent for longer than it promised to be.
-- Inlined: hot functions call it often; it names nothing that a search path could change.
create or replace function workflow.worker_is_gone(p_worker workflow.workflow_workers, p_now timestamptz)
  returns boolean
  language sql immutable
as $$
  select p_worker.stopped_at is not null
      or p_worker.tasks_requeued_at is not null
      or p_worker.last_heartbeat_at < p_now - p_worker.heartbeat_timeout_ms * interval '1 millisecond'
$$;
