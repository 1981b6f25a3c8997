-- The answers of start_runs, in order: what was created, what a taken key stands for, what was refused and why. durability: of the run.
-- Called in a statement of its own: its snapshot sees the run that another transaction's key won with.
-- The key is looked up as the first from there on: only the unique index gives that order. By equality a plan that is made while the table is
-- small may take the tenant's index instead, and read all runs of the tenant for each element ever after.
-- Runs are looked up by id in queries of their own (limit 1), or statistics of an emptied table make it read all runs for each element.
create or replace function workflow.answer_run_requests(p_requests workflow.run_request[], p_created uuid[], p_queues text[], p_now timestamptz)
  returns table (ordinal int, outcome text, run_id uuid, status text, code text, message text, field text, queues text[], durability text)
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
#variable_conflict use_column
begin
  if cardinality(p_created) = cardinality(p_requests) then  -- the ordinary case
    return query select q.ordinal, 'created', q.run_id, case when q.run_at > p_now then 'scheduled' else 'started' end, null, null, null, p_queues,
                        q.durability
                   from unnest(p_requests) q;
    return;
  end if;
  return query
    select q.ordinal,
           case when q.code is not null then 'refused'
                when created.status is not null then 'created'
                when taken.run_id is not null then 'conflict'
                when twin.run_id is null then 'not_home'
                when twin.request_hash = q.request_hash then 'existing'
                else 'conflict' end,
           coalesce(twin.run_id, taken.run_id, case when created.status is not null then q.run_id end),
           coalesce(created.status, twin.status, taken.status),
           case when q.code is not null then q.code
                when taken.run_id is not null then 'idempotency_conflict'
                when created.status is null and twin.run_id is null then 'not_home'
                when created.status is null and twin.request_hash <> q.request_hash then 'idempotency_conflict' end,
           case when q.code is not null then q.message
                when taken.run_id is not null then format('run id %s is taken', q.run_id)
                when created.status is null and twin.run_id is null then format('tenant %s is not at home here now', q.tenant_id)
                when created.status is null and twin.request_hash <> q.request_hash
                  then format('idempotency key "%s" was used for another request of workflow %s', q.idempotency_key, q.workflow) end,
           case when q.code is not null then q.field
                when taken.run_id is not null then 'run_id'
                when created.status is null and twin.request_hash <> q.request_hash then 'idempotency_key' end,
           case when created.status is not null then p_queues end,
           case when created.status is not null then q.durability else twin.durability end
      from unnest(p_requests) q
      left join lateral (
        select case when q.run_at > p_now then 'scheduled' else 'started' end as status
          from workflow.workflow_runs r
         where r.run_id = q.run_id and q.run_id = any (p_created)
         limit 1) created on true
      left join lateral (
        select near.* from (
          select r.run_id, r.status, r.request_hash, r.idempotency_key, r.durability
            from workflow.workflow_runs r
           where created.status is null and q.code is null
             and r.tenant_id = q.tenant_id and r.workflow = q.workflow and r.idempotency_key >= q.idempotency_key
           order by r.idempotency_key
           limit 1) near
         where near.idempotency_key = q.idempotency_key) twin on true
      left join lateral (
        select r.run_id, r.status
          from workflow.workflow_runs r
         where created.status is null and q.code is null and twin.run_id is null and r.run_id = q.run_id
         limit 1) taken on true
     order by q.ordinal;
end $$;
