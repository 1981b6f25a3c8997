-- What a process is at this time: `stopped`, `silent`, `deprecated` (it drains) or `active`.
-- Inlined: the view worker_states is read by functions that are called often; it names nothing that a search path could change.
create or replace function workflow.worker_state(p_worker workflow.workflow_workers, p_now timestamptz)
  returns text
  language sql immutable
as $$
  select case when p_worker.stopped_at is not null then 'stopped'
              when workflow.worker_is_gone(p_worker, p_now) then 'silent'
              when p_worker.deprecated_at is not null then 'deprecated'
              else 'active' end
$$;
