-- "I am alive, and this is what I hold", in one call.
-- p_in_flight: [{run_id, step_slug, task_index, attempt}]. A claim from before the worker's visibility timeout of which something is missing
--              here was lost on the way to it, and is taken back (mark_lost_claims).
-- p_settled:   claims of which it holds nothing any more
-- Returns:     state active | deprecated (then drain), and the tasks to abort, each with its reason.
-- Errors:      WF301 worker_unknown (never registered, stopped, or judged dead: its tasks are somebody else's)
create or replace function workflow.heartbeat(p_worker uuid, p_in_flight jsonb, p_leader_token bigint default null, p_settled bigint[] default '{}')
  returns table (state text, aborts jsonb)
  language plpgsql security definer
  set search_path = ''
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
as $$
declare
  v_now    timestamptz := workflow.clock();
  v_worker workflow.workflow_workers;
begin
  update workflow.workflow_workers w
     set last_heartbeat_at = v_now, expired_at = null, running = jsonb_array_length(p_in_flight), leader_token = p_leader_token
   where w.worker_id = p_worker and w.stopped_at is null and w.tasks_requeued_at is null
  returning * into v_worker;
  if not found then
    perform workflow.refuse('WF301', format('worker %s is not registered, was stopped or was judged dead', p_worker), 'worker_id');
  end if;

  perform workflow.forget_claims(p_worker, p_settled);
  perform workflow.mark_lost_claims(p_worker, p_in_flight, v_now - v_worker.visibility_timeout_ms * interval '1 millisecond', v_now);

  return query
    select case when v_worker.deprecated_at is null then 'active' else 'deprecated' end,
           coalesce(jsonb_agg(jsonb_build_object(
             'run_id', held.run_id, 'step_slug', held.step_slug, 'task_index', held.task_index, 'attempt', held.attempt,
             'reason', case r.status when 'cancelled' then 'run_cancelled' when 'failed' then 'run_failed'
                                     when 'completed' then 'run_closed' else 'lost' end)), '[]')
      from jsonb_to_recordset(p_in_flight) as held(run_id uuid, step_slug text, task_index int, attempt int)
      left join workflow.step_tasks t
        on t.run_id = held.run_id and t.step_slug = held.step_slug and t.task_index = held.task_index
      left join workflow.workflow_runs r on r.run_id = held.run_id
     where t.run_id is null or t.status <> 'started' or t.attempt <> held.attempt or t.worker_id <> p_worker;
end $$;
