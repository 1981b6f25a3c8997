-- "I am alive, and this is what I hold", in one call.
-- p_in_flight: [{run_id, step_slug, task_index, attempt}]. A claim from before the worker's visibility timeout of which something is missing
--              here was lost on the way to it, and is taken back (mark_lost_claims).
-- p_settled:   claims of which it holds nothing any more
-- Returns:     state active | deprecated (then drain), and the tasks to abort, each with its reason. moving: the group is on its way to another region
--              and its time to finish has passed: abort and give the task back (release_tasks). lost: it is somebody else's, in this region or another.
--              lease_left_ms: how long this region may go on executing, counted from when the call was sent (D3); null: not at all
-- Errors:      WF301 worker_unknown (never registered, stopped, or judged dead: its tasks are somebody else's)
create or replace function workflow.heartbeat(p_worker uuid, p_in_flight jsonb, p_leader_token bigint default null, p_settled bigint[] default '{}')
  returns table (state text, aborts jsonb, lease_left_ms int)
  language plpgsql security definer
  set search_path = ''
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
as $$
declare
  v_now    timestamptz := workflow.clock();
  v_worker workflow.workflow_workers;
  v_moving text[] := array(select m.placement_group from workflow.group_moves m where m.drain_until <= v_now);
  v_lost   boolean := exists (select from workflow.mesh);  -- of several regions one may have lost a group since
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
                                     when 'completed' then 'run_closed'
                                     else case when t.status = 'started' and t.attempt = held.attempt and t.worker_id = p_worker
                                                and g.placement_group = any (v_moving) and g.member_id = g.own then 'moving' else 'lost' end end)), '[]'),
           workflow.lease_left_ms()
      from jsonb_to_recordset(p_in_flight) as held(run_id uuid, step_slug text, task_index int, attempt int)
      left join workflow.step_tasks t
        on t.run_id = held.run_id and t.step_slug = held.step_slug and t.task_index = held.task_index
      left join workflow.workflow_runs r on r.run_id = held.run_id
      left join lateral (
        select p.placement_group, p.member_id, workflow.own_member() as own
          from workflow.placement p where v_lost and p.placement_group = workflow.group_of_row(r.tenant_id, r.placement_group) limit 1) g on true
     where t.run_id is null or t.status <> 'started' or t.attempt <> held.attempt or t.worker_id <> p_worker
        or g.member_id <> g.own or g.placement_group = any (v_moving);
end $$;
