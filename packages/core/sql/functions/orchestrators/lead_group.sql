-- "May my group lead?", asked by every executor of a group (active-passive) twice a second: takes the lease orchestrator:leader for the group where
-- nobody holds it and the rules allow (why_not_stand), renews it, or gives it up on a command (keep_leadership).
-- p_standing_ms: for how long this process has had answers without a gap
-- Limits:   p_ttl_ms from 100 ms to 10 minutes
-- Returns:  leads: its workers may claim with the token, for left_ms; hands_over, until another leads: claim no more, finish within drain_ms,
--           then give the rest back.
--           taken: by this very call. reason: why it does not lead.
-- Locks:    the lease, where something is to be changed
-- Errors:   WF301 worker_unknown, WF001 invalid_request (a worker without a group)
create or replace function workflow.lead_group(p_worker uuid, p_ttl_ms int, p_standing_ms int default 0)
  returns table (leads boolean, token bigint, leader text, holder uuid, left_ms int, hands_over boolean, drain_ms int, taken boolean, reason text)
  language plpgsql security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_now      timestamptz := workflow.clock();
  v_worker   workflow.workflow_workers;
  v_lease    workflow.leases;
  v_former   bigint;
  v_why      text;
  v_drain_ms int;
begin
  select * into v_worker from workflow.workflow_workers w
    where w.worker_id = p_worker and w.stopped_at is null and w.tasks_requeued_at is null;
  if not found then
    perform workflow.refuse('WF301', format('worker %s is not registered, was stopped or was judged dead', p_worker), 'worker_id');
  elsif v_worker.orchestrator_group is null then
    perform workflow.refuse('WF001', format('worker %s is of no group: only an orchestrator leads', p_worker), 'worker_id');
  elsif p_ttl_ms is null or p_ttl_ms not between 100 and 600000 then
    perform workflow.refuse('WF001', format('a lease lasts from 100 ms to 600000 ms, not %s', p_ttl_ms), 'ttl_ms');
  end if;

  insert into workflow.leases as l (name, holder, token, acquired_at, expires_at)
  select 'orchestrator:leader', p_worker, 0, v_now, v_now
   where not exists (select from workflow.leases o where o.name = 'orchestrator:leader')
      on conflict (name) do nothing;
  select * into v_lease from workflow.leases l where l.name = 'orchestrator:leader';
  if not (v_lease.expires_at > v_now and (v_lease.holder_group is distinct from v_worker.orchestrator_group
          or v_lease.command_id is null and v_lease.expires_at > v_now + p_ttl_ms * 2 / 3.0 * interval '1 millisecond')) then
    select * into v_lease from workflow.leases l where l.name = 'orchestrator:leader' for update;
    v_now := workflow.clock();  -- we may have waited for the row
    v_former := v_lease.token;
    if v_lease.expires_at <= v_now then
      v_why := workflow.why_not_stand(v_worker, v_lease, p_ttl_ms, coalesce(p_standing_ms, 0), v_now);
      if v_why is null then
        v_lease := workflow.take_leadership(v_worker, v_lease, p_ttl_ms, v_now);
      end if;
    elsif v_lease.holder_group = v_worker.orchestrator_group then
      v_lease := workflow.keep_leadership(v_worker, v_lease, p_ttl_ms, v_now);
    end if;
  end if;

  if v_lease.command_id is not null and v_lease.holder_group = v_worker.orchestrator_group then
    select greatest(0, c.drain_ms - extract(epoch from v_now - c.requested_at) * 1000)::int into v_drain_ms
      from workflow.orchestrator_commands c where c.command_id = v_lease.command_id;
  end if;
  return query
    select q.held and v_lease.holder_group = v_worker.orchestrator_group and v_lease.command_id is null, v_lease.token,
           case when q.held then coalesce(v_lease.holder_group, v_lease.holder::text) end, case when q.held then v_lease.holder end,
           greatest(0, extract(epoch from v_lease.expires_at - v_now) * 1000)::int, v_drain_ms is not null, v_drain_ms,
           coalesce(v_lease.token > v_former, false), v_why
      from (select v_lease.expires_at > v_now) q(held);
end $$;
