-- Tasks in flight that nobody will report, with the first reason that holds:
--   worker_lost  the worker stopped or is silent past its heartbeat timeout
--   claim_lost   the worker lives and does not know of the claim (mark_lost_claims)
--   timeout      past the step's timeout and the worker's heartbeat timeout on top: the worker should have reported that itself
create or replace function workflow.find_lost_tasks(p_claims bigint[], p_now timestamptz, p_limit int)
  returns workflow.task_report[]
  language plpgsql stable security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
begin
  return array(
    select row(row_number() over (), k.run_id, k.step_slug, k.task_index, k.attempt, null, null,
               jsonb_build_object('code', why.reason, 'message', why.sentence), true, case when why.reason <> 'timeout' then 0 end, why.reason
              )::workflow.task_report
      from workflow.tasks_in_flight(p_claims) k
      join workflow.claims c on c.claim_id = k.claim_id
      join workflow.workflow_runs r on r.run_id = k.run_id
     cross join lateral (select x.* from workflow.workflow_steps x where x.definition_id = r.definition_id and x.step_slug = k.step_slug limit 1) s
      left join workflow.workflow_workers w on w.worker_id = k.worker_id
     cross join lateral (select x.reason, x.sentence from (values
         ('worker_lost', format('worker %s stopped or fell silent', k.worker_id), w.worker_id is null or workflow.worker_is_gone(w, p_now)),
         ('claim_lost',  format('worker %s does not know that it holds the task', k.worker_id), c.lost),
         ('timeout',     format('the attempt took longer than %s ms', s.timeout_ms),
            k.started_at + (s.timeout_ms + w.heartbeat_timeout_ms) * interval '1 millisecond' < p_now)
       ) x(reason, sentence, holds) where x.holds limit 1) why
     limit p_limit);
end $$;
