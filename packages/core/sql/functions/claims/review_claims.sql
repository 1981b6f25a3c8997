-- After a look at these claims: one without a task in flight goes, for the others it is known when the next of their tasks could be past its time.
create or replace function workflow.review_claims(p_claims bigint[])
  returns void
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
begin
  with open as materialized (
    select k.claim_id, min(k.started_at + (s.timeout_ms + coalesce(w.heartbeat_timeout_ms, 0)) * interval '1 millisecond') as overdue_at
      from workflow.tasks_in_flight(p_claims) k
      join workflow.workflow_runs r on r.run_id = k.run_id
     cross join lateral (select x.* from workflow.workflow_steps x where x.definition_id = r.definition_id and x.step_slug = k.step_slug limit 1) s
      left join workflow.workflow_workers w on w.worker_id = k.worker_id
     group by k.claim_id
  ), kept as (
    update workflow.claims c set overdue_at = o.overdue_at from open o where c.claim_id = o.claim_id and c.overdue_at <> o.overdue_at
  )
  delete from workflow.claims c where c.claim_id = any (p_claims) and c.claim_id not in (select o.claim_id from open o);
end $$;
