-- Takes tasks away from those who will not report: worker_lost (stopped, or silent past its heartbeat timeout), claim_lost (the message's
-- visibility ran out although the worker lives: the answer to its claim never reached it), timeout (past the step's timeout and the worker's
-- heartbeat timeout on top: the worker should have reported that itself). A failure is counted; a task that may be tried again is available
-- at once, after a timeout with the delay of a retry.
-- Leader only (lease scheduler). Limit: p_limit tasks a call; call again while it is reached.
-- Errors:  WF302 lease_lost
create or replace function workflow.requeue_lost_tasks(p_token bigint, p_limit int)
  returns table (run_id uuid, step_slug text, task_index int, attempt int, reason text, queues text[], ended jsonb)
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
#variable_conflict use_column
declare
  v_now     timestamptz := workflow.clock();
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

  v_lost := array(
    select row(row_number() over (), t.run_id, t.step_slug, t.task_index, t.attempt, m.message_id, m.queue, null, null,
               jsonb_build_object('code', why.reason, 'message', why.sentence), true, case when why.reason <> 'timeout' then 0 end, why.reason
              )::workflow.task_report
      from workflow.messages_in_flight(v_now) m
      join workflow.step_tasks t on t.run_id = m.run_id and t.step_slug = m.step_slug and t.task_index = m.task_index and t.status = 'started'
      join workflow.workflow_runs r on r.run_id = t.run_id
      join workflow.workflow_steps s on s.definition_id = r.definition_id and s.step_slug = t.step_slug
      left join workflow.workflow_workers w on w.worker_id = t.worker_id
     cross join lateral (select x.reason, x.sentence from (values
         ('worker_lost', format('worker %s stopped or fell silent', t.worker_id), w.worker_id is null or workflow.worker_is_gone(w, v_now)),
         ('claim_lost',  format('worker %s does not know that it holds the task', t.worker_id), m.is_visible),
         ('timeout',     format('the attempt took longer than %s ms', s.timeout_ms),
            t.started_at + (s.timeout_ms + w.heartbeat_timeout_ms) * interval '1 millisecond' < v_now)
       ) x(reason, sentence, holds) where x.holds limit 1) why
     limit p_limit);
  perform workflow.drop_stray_messages(v_now, p_limit);
  if cardinality(v_lost) = 0 then
    return;
  end if;

  v_home := workflow.lock_runs(array(select distinct l.run_id from unnest(v_lost) l));
  v_now := workflow.clock();
  v_settled := workflow.settle_failures(null, array(select l from unnest(v_lost) l where l.run_id = any (v_home)), false, v_now);
  return query
    select l.run_id, l.step_slug, l.task_index, l.attempt, l.reason, case when row_number() over () = 1 then v_settled.queues end,
           case when row_number() over () = 1 then workflow.count_ended_runs(v_home, v_now) end
      from unnest(v_lost) l
     where l.ordinal = any (v_settled.accepted);
end $$;
