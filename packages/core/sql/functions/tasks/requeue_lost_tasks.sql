-- Takes tasks away from those who will not report them (find_lost_tasks). A failure is counted; a task that may be tried again is available
-- at once, after a timeout with the delay of a retry.
-- Leader only (lease scheduler). Limit: p_limit tasks a call; call again while it is reached.
-- Errors:  WF302 lease_lost
create or replace function workflow.requeue_lost_tasks(p_token bigint, p_limit int)
  returns table (run_id uuid, step_slug text, task_index int, attempt int, reason text, queues text[], ended jsonb)
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
#variable_conflict use_column
declare
  v_now     timestamptz := workflow.clock();
  v_claims  bigint[];
  v_lost    workflow.task_report[];
  v_home    uuid[];
  v_settled record;
begin
  perform workflow.assert_lease('scheduler', p_token);
  perform workflow.check_batch(p_limit, 'limit');

  -- First shut out who is gone: they claim nothing from now on (a claim under way is seen a tick later). Then look at what they hold.
  update workflow.workflow_workers w
     set tasks_requeued_at = v_now
   where w.app = 'executor' and w.tasks_requeued_at is null and workflow.worker_is_gone(w, v_now);

  v_claims := array(
    select c.claim_id
      from workflow.claims c
      left join workflow.workflow_workers w on w.worker_id = c.worker_id
     where c.lost or c.overdue_at <= v_now or w.worker_id is null or workflow.worker_is_gone(w, v_now)
     order by c.claimed_at);
  if cardinality(v_claims) = 0 then
    return;
  end if;
  v_lost := workflow.find_lost_tasks(v_claims, v_now, p_limit);
  if cardinality(v_lost) > 0 then
    v_home := workflow.lock_runs(array(select distinct l.run_id from unnest(v_lost) l));
    v_now := workflow.clock();
    v_settled := workflow.settle_failures(null, array(select l from unnest(v_lost) l where l.run_id = any (v_home)), false, v_now);
    return query
      select l.run_id, l.step_slug, l.task_index, l.attempt, l.reason, case when row_number() over () = 1 then v_settled.queues end,
             case when row_number() over () = 1 then workflow.count_ended_runs(v_home, v_now) end
        from unnest(v_lost) l
       where l.ordinal = any (v_settled.accepted);
  end if;
  if cardinality(v_lost) < p_limit then
    perform workflow.review_claims(v_claims);
  end if;
end $$;
