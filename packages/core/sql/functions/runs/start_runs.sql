-- Starts many runs in one transaction. Each element is answered on its own: one that is refused does not hold up the others.
-- p_requests: [{tenant_id, workflow, version?, input?, idempotency_key?, run_at?, deadline?, priority?, labels?, durability?,
--             parent_run_id?, run_id?}], at most limit batch_max
-- Outcomes:   created; existing (same tenant, workflow, key and request); conflict (same key, other request); refused; not_home
-- Durability: of the run that was created or exists; what has quorum is acknowledged when other regions have confirmed it (unconfirmed_runs)
-- Idempotent: the unique index decides, also between elements of one call; keys are inserted in order, so two calls cannot deadlock.
-- Errors:     WF001 invalid_request, WF002 batch_too_large (the whole call); per element: code, message, field
create or replace function workflow.start_runs(p_requests jsonb)
  returns table (ordinal int, outcome text, run_id uuid, status text, code text, message text, field text, queues text[], durability text)
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
as $$
#variable_conflict use_column
declare
  v_now      timestamptz := workflow.clock();
  v_requests workflow.run_request[];
  v_created  uuid[];
  v_due      uuid[];
  v_oldest   uuid;
  v_queues   text[];
begin
  v_requests := workflow.judge_run_requests(p_requests, v_now);
  if exists (select from workflow.mesh) then
    perform workflow.own_definitions(array(select distinct q.definition_id from unnest(v_requests) q where q.code is null), workflow.write_tick());
  end if;

  with created as (
    insert into workflow.lawful_runs
      (run_id, home_epoch, written_tick, tenant_id, placement_group, workflow, definition_id, status, priority, durability, remaining_leaves,
       total_steps, idempotency_key, request_hash, parent_run_id, labels, input, run_at, deadline, created_at, started_at)
    select q.run_id, h.home_epoch, h.written_tick, q.tenant_id, workflow.hash_group_of('global', q.tenant_id), q.workflow, q.definition_id,
           case when q.run_at > v_now then 'scheduled' else 'started' end, q.priority, q.durability, q.total_leaves,
           q.total_steps, q.idempotency_key, q.request_hash, q.parent_run_id, q.labels, q.input, q.run_at, q.deadline, v_now,
           case when q.run_at > v_now then null else v_now end
      from unnest(v_requests) q
      join workflow.assert_home(array(select distinct t.tenant_id from unnest(v_requests) t), true) h on h.tenant_id = q.tenant_id
     where q.code is null
     order by q.tenant_id, q.workflow, q.idempotency_key, q.ordinal
    on conflict do nothing
    returning run_id, status
  )
  select coalesce(array_agg(c.run_id), '{}'), coalesce(array_agg(c.run_id) filter (where c.status = 'started'), '{}')
    into v_created, v_due
    from created c;

  if cardinality(v_created) > 0 then
    insert into workflow.run_timers (run_id, kind, due_at)
      select q.run_id, t.kind, t.due_at
        from unnest(v_requests) q, lateral (values ('start', q.run_at), ('deadline', q.deadline)) t(kind, due_at)
       where (q.run_at > v_now or q.deadline is not null)
         and q.run_id = any (v_created) and (t.kind = 'deadline' and t.due_at is not null or t.kind = 'start' and t.due_at > v_now);
    insert into workflow.open_run_changes (status, change)
      select c.status, c.change
        from (values ('started', cardinality(v_due)), ('scheduled', cardinality(v_created) - cardinality(v_due))) c(status, change)
       where c.change > 0;
    v_queues := workflow.begin_runs(v_due, v_now);
    v_oldest := (select c from unnest(v_created) c order by c limit 1);
    if v_oldest < workflow.run_id_floor(v_now - interval '15 minutes') then  -- a caller's id from before the span that advance_horizon leaves alone
      update workflow.run_horizon h set oldest_open_run_id = least(h.oldest_open_run_id, v_oldest);
    end if;
  end if;

  if cardinality(v_created) < cardinality(v_requests) and current_setting('synchronous_standby_names') <> '' then
    -- What exists was committed by another call, perhaps by one whose wait for the standby was broken off: this answer waits in its place.
    perform pg_catalog.pg_logical_emit_message(true, 'workflow', '');
  end if;
  return query select * from workflow.answer_run_requests(v_requests, v_created, v_queues, v_now);
end $$;
