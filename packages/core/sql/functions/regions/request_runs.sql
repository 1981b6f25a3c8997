-- Takes submissions for tenants whose home does not answer (R12): each becomes a row that travels to the home, or to its successor, which starts it.
-- What this region can judge it refuses at once; a workflow that it does not know yet is the home's to judge. A key that is known here, as a run or as
-- a request, is answered with that; what two regions take under one key meanwhile, the home merges.
-- p_requests: as for start_runs, without run_id; durability local only: a request is confirmed by nobody. p_key: the API key that was used.
-- Outcomes:   requested (run_id: the id that the run will have), existing, conflict, refused
-- Errors:     WF001 invalid_request, WF002 batch_too_large, WF601 no_mesh (the whole call); per element: code, message, field
create or replace function workflow.request_runs(p_requests jsonb, p_key uuid default null)
  returns table (ordinal int, outcome text, run_id uuid, status text, code text, message text, field text)
  language plpgsql volatile security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_now  timestamptz := workflow.clock();
  v_tick bigint := workflow.write_tick();
begin
  if not exists (select from workflow.mesh) then
    perform workflow.refuse('WF601', 'this region belongs to no mesh');
  end if;
  return query
    with judged as materialized (
      select q.ordinal, q.tenant_id, q.workflow, q.idempotency_key, q.request_hash, a.value - 'run_id' as request,
             case when q.durability = 'quorum' then 'quorum_unavailable'
                  when q.code not in ('unknown_workflow', 'unknown_version') then q.code end as code,
             case when q.durability = 'quorum' then 'a request that waits for its home is local: no region confirms it' else q.message end as message,
             case when q.durability = 'quorum' then 'durability' else q.field end as field
        from unnest(workflow.judge_run_requests(p_requests, v_now)) q
        join jsonb_array_elements(p_requests) with ordinality a(value, ordinality) on a.ordinality = q.ordinal
    ), known as materialized (
      select j.*, r.run_id as known_run, r.status as known_status, k.request_id as known_request,
             coalesce(r.request_hash, k.request_hash, first_value(j.request_hash) over same_key) as known_hash,
             case when j.code is null and r.run_id is null and k.request_id is null and (j.idempotency_key is null or row_number() over same_key = 1)
                  then workflow.new_run_id() end as new_id
        from judged j
        left join lateral (select x.run_id, x.status, x.request_hash from workflow.workflow_runs x
                            where x.tenant_id = j.tenant_id and x.workflow = j.workflow and x.idempotency_key = j.idempotency_key limit 1) r on true
        left join lateral (
          select x.request_id, sha256(convert_to((x.request - array['tenant_id', 'idempotency_key'])::text, 'UTF8')) as request_hash
            from workflow.run_requests x
           where x.tenant_id = j.tenant_id and x.request ->> 'workflow' = j.workflow and x.request ->> 'idempotency_key' = j.idempotency_key
           order by x.request_id limit 1) k on true
      window same_key as (partition by j.code is null, j.tenant_id, j.workflow, j.idempotency_key order by j.ordinal)
    ), taken as (
      insert into workflow.run_requests (request_id, writer, written_tick, tenant_id, placement_group, request, key_id, requested_at)
      select k.new_id, workflow.own_member(), v_tick, k.tenant_id, workflow.hash_group_of('global', k.tenant_id), k.request, p_key, v_now
        from known k where k.new_id is not null
    ), answer as (
      select k.*, k.code is null and k.known_hash <> k.request_hash as conflict,
             coalesce(k.known_run, k.known_request, k.new_id,
                      first_value(k.new_id) over (partition by k.code is null, k.tenant_id, k.workflow, k.idempotency_key order by k.ordinal)) as id
        from known k
    )
    select a.ordinal,
           case when a.code is not null then 'refused' when a.conflict then 'conflict' when a.known_run is not null then 'existing' else 'requested' end,
           case when a.code is null then a.id end,
           case when a.code is null then coalesce(a.known_status, 'requested') end,
           case when a.conflict then 'idempotency_conflict' else a.code end,
           case when a.conflict then format('idempotency key "%s" was used for another request of workflow %s', a.idempotency_key, a.workflow)
                when a.code is not null then a.message end,
           case when a.conflict then 'idempotency_key' when a.code is not null then a.field end
      from answer a
     order by a.ordinal;
end $$;
