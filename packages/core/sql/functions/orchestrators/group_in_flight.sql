-- How many tasks the living workers of this group hold now: while it is not 0, the group has not finished. Tasks of workers that are gone are the
-- scheduler's business.
create or replace function workflow.group_in_flight(p_group text, p_now timestamptz)
  returns bigint
  language sql stable security definer
  set search_path = ''
as $$
  select count(*)
    from workflow.workflow_workers w
   cross join lateral workflow.tasks_in_flight(array(select c.claim_id from workflow.claims c where c.worker_id = w.worker_id)) k
   where w.orchestrator_group = p_group and not workflow.worker_is_gone(w, p_now)
$$;
