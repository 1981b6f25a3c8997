-- Starts the runs that other regions have taken submissions for (R12), oldest first, and writes down what became of each: started, merged (its key had a
-- run already), or refused with its code. The id of the request is the id of the run, so that twice is once, here and at a successor.
-- A request whose workflow or API key has not arrived yet waits, up to ten minutes; one whose key counts no more is refused.
-- Leader only (lease scheduler). Limit: p_limit requests a call; call again while it is reached.
-- Returns:  each request that was looked at; outcome null: it waits. The queues that got work stand in every row.
-- Errors:   WF302 lease_lost
create or replace function workflow.start_requested_runs(p_token bigint, p_limit int)
  returns table (request_id uuid, outcome text, run_id uuid, code text, queues text[])
  language plpgsql volatile security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_now      timestamptz := workflow.clock();
  v_requests workflow.run_requests[];
begin
  perform workflow.assert_lease('scheduler', p_token);
  perform workflow.check_batch(p_limit, 'limit');
  v_requests := workflow.waiting_requests(p_limit);
  insert into workflow.run_request_outcomes (request_id, residency, home_epoch, written_tick, outcome, run_id, decided_at)
    select q.request_id, q.residency, h.home_epoch, h.written_tick, 'started', q.request_id, v_now  -- and deleted since: it is not started again
      from unnest(v_requests) q
      join workflow.assert_home(array(select distinct x.tenant_id from unnest(v_requests) x), true) h on h.tenant_id = q.tenant_id
     where exists (select from workflow.run_deletions d where d.run_id = q.request_id)
    on conflict do nothing;
  v_requests := array(
    select q from unnest(v_requests) q where not exists (select from workflow.run_deletions d where d.run_id = q.request_id) order by q.request_id);
  v_requests := workflow.judge_request_keys(v_requests);
  if cardinality(v_requests) = 0 then
    return;
  end if;
  return query
    with answer as materialized (
      select q.*, a.outcome as answered, a.run_id as answered_run, a.code as answered_code, a.message as answered_message, a.queues as woken
        from unnest(v_requests) with ordinality q(request_id, residency, writer, written_tick, tenant_id, placement_group, request, key_id,
                                                  requested_at, place)
        join workflow.start_runs((select jsonb_agg(x.request || jsonb_build_object('run_id', x.request_id) order by x.place)
                                    from unnest(v_requests) with ordinality x(request_id, residency, writer, written_tick, tenant_id, placement_group,
                                                                              request, key_id, requested_at, place))) a on a.ordinal = q.place
    ), judged as materialized (
      select a.*, h.home_epoch, h.written_tick as tick,
             case when a.answered = 'created' or a.answered_run = a.request_id and a.answered in ('existing', 'conflict') then 'started'
                  when a.answered = 'existing' then 'merged'
                  when a.answered_code in ('unknown_workflow', 'unknown_version') and a.requested_at > v_now - interval '10 minutes' then null
                  when a.answered in ('refused', 'conflict') then 'refused' end as judgement
        from answer a
        join workflow.assert_home(array(select distinct x.tenant_id from unnest(v_requests) x), true) h on h.tenant_id = a.tenant_id
    ), written as (
      insert into workflow.run_request_outcomes (request_id, residency, home_epoch, written_tick, outcome, run_id, code, message, decided_at)
      select j.request_id, j.residency, j.home_epoch, j.tick, j.judgement, case when j.judgement <> 'refused' then j.answered_run end,
             case when j.judgement = 'refused' then j.answered_code end, case when j.judgement = 'refused' then j.answered_message end, v_now
        from judged j where j.judgement is not null
      on conflict do nothing
    )
    select j.request_id, j.judgement, case when j.judgement <> 'refused' then j.answered_run end, case when j.judgement = 'refused' then j.answered_code end,
           (select x.woken from judged x where x.woken is not null limit 1)
      from judged j
     order by j.place;
end $$;
