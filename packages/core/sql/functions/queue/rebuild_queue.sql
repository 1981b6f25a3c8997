-- Restores what a crash of the server emptied: the queues are unlogged, step_tasks is the truth. Noticed by the marker row, which is
-- unlogged too. In chunks of p_limit runs: call with p_after null, then with each next_after, until that is null; then the marker is back.
-- A queued task without a message gets one (not visible before its available_at), exactly once, for the runs are locked while their messages
-- are compared. Running tasks are put into a claim of their worker, so that they are not lost with it.
-- Leader only (lease scheduler). Errors: WF302 lease_lost
create or replace function workflow.rebuild_queue(p_token bigint, p_after uuid, p_limit int)
  returns table (needed boolean, restored int, next_after uuid, queues text[])
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
  v_now      timestamptz := workflow.clock();
  v_runs     uuid[];
  v_home     uuid[];
  v_messages workflow.message_ref[];
  v_missing  workflow.outgoing_message[];
  v_held     int;
  v_queues   text[];
begin
  perform workflow.assert_lease('scheduler', p_token);
  perform workflow.check_batch(p_limit, 'limit');
  if exists (select from workflow.queue_marker) then
    return query select false, 0, null::uuid, '{}'::text[];
    return;
  end if;
  if workflow.lease_left_ms() is null then
    return query select true, 0, null::uuid, '{}'::text[];  -- a region without its lease puts nothing into a queue; the marker stays away
    return;
  end if;
  if p_after is null then
    perform workflow.recount_open_runs();
    -- In a transaction of its own: it waits for whoever changes a count, and they may be waiting for a run that we would lock.
    return query select true, 0, '00000000-0000-0000-0000-000000000000'::uuid, '{}'::text[];
    return;
  end if;

  v_runs := array(
    select r.run_id
      from workflow.workflow_runs r
     where r.run_id >= (select h.oldest_open_run_id from workflow.run_horizon h)
       and r.run_id > coalesce(p_after, '00000000-0000-0000-0000-000000000000') and r.finished_at is null
     order by r.run_id
     limit p_limit);
  v_home := workflow.lock_runs(v_runs);  -- runs of other homes have no messages here
  v_messages := workflow.messages_of_runs(v_home);

  select coalesce(array_agg(row(m.queue, m.run_id, m.step_slug, m.task_index, m.visible_at)::workflow.outgoing_message), '{}') into v_missing
    from unnest(workflow.messages_of_queued_tasks(v_home)) m
   where (m.run_id, m.step_slug, m.task_index) not in (select x.run_id, x.step_slug, x.task_index from unnest(v_messages) x);
  v_queues := coalesce((workflow.advance_runs('{}', v_missing, v_now)).queues, '{}');  -- of quorum runs: held until what is here now is confirmed
  v_held := workflow.restore_claims(v_home, v_now);
  if cardinality(v_runs) < p_limit then
    insert into workflow.queue_marker (rebuilt_at) values (v_now) on conflict do nothing;
  end if;
  return query select true, cardinality(v_missing) + v_held,
                      case when cardinality(v_runs) = p_limit then v_runs[p_limit] end, v_queues;
end $$;
