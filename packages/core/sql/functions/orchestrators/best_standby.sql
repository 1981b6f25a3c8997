-- The group that should lead next, if it is not told: one that could claim now and does not lead; a primary before others, then the one with
-- the most slots, then the one that has been there longest. Null: there is none.
create or replace function workflow.best_standby(p_leader text, p_now timestamptz)
  returns text
  language sql stable security definer
  set search_path = ''
as $$
  select w.orchestrator_group
    from workflow.workflow_workers w
   where w.app = 'executor' and w.orchestrator_group <> coalesce(p_leader, '') and w.deprecated_at is null and not workflow.worker_is_gone(w, p_now)
   group by w.orchestrator_group
   order by bool_or(w.role = 'primary') desc, sum(w.capacity) desc, min(w.started_at), w.orchestrator_group
   limit 1
$$;
