-- Records the outputs of many tasks of many runs in one transaction, and all that follows from them: steps, dependents, runs, messages.
-- p_results:   [{run_id, step_slug, task_index, attempt, output}], at most limit batch_max
-- p_capacity:  so many of the tasks that become ready may be handed to this worker, claimed already, without a trip through their queue
-- p_settled:   claims of which the worker holds nothing any more
-- Fence:       only the attempt that holds a task may write; others get a verdict, never an exception.
-- Idempotent:  a report may come twice, for its first answer can be lost on the way back.
-- Locks:       runs by run_id, then tasks, steps, waiting messages.
-- Returns:     a verdict for each result (judge_report), in the first row the queues that got work, how many runs ended by this call, and whose
--              verdicts count only when other regions have confirmed them (unconfirmed_runs);
--              then the tasks that were handed over (describe_tasks), with neither ordinal nor verdict.
create or replace function workflow.complete_tasks(
    p_worker uuid, p_results json, p_capacity int default 0, p_leader_token bigint default null, p_settled bigint[] default '{}')
  returns table (ordinal int, verdict text, queues text[], ended jsonb, unconfirmed jsonb, claim_id bigint, run_id uuid, step_slug text, task_index int, attempt int,
                 workflow text, definition_id uuid, tenant_id text, kind text, input jsonb, run_input jsonb, timeout_ms bigint,
                 deadline timestamptz, wait_ms bigint)
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
  v_now       timestamptz;
  v_held      workflow.held_report[];
  v_recorded  record;
  v_accepted  int[];
  v_ended     workflow.ended_step[];
  v_failed    workflow.run_closing[];
  v_taker     workflow.task_taker;
  v_advanced  record;
  v_handed    workflow.handed_task[];
  v_queues    text[];
  v_counts    jsonb;
  v_oversized record;
  v_unconfirmed jsonb;
  v_reports   workflow.task_report[];  -- where one was not accepted
  v_runs      uuid[];
begin
  v_held := workflow.lock_reported_runs(p_results);
  v_now := workflow.clock();  -- after the wait for the locks: an effect is never dated before its cause
  perform workflow.forget_claims(p_worker, p_settled);

  v_recorded := workflow.record_outputs(p_worker, v_held, v_now);
  v_accepted := v_recorded.accepted;
  v_ended    := v_recorded.ended;
  v_failed   := v_recorded.failed;
  if v_failed is not null then
    perform workflow.close_runs(v_failed, v_now);
    v_ended := array(select e from unnest(v_ended) e where e.run_id not in (select f.run_id from unnest(v_failed) f));
  end if;
  if cardinality(v_ended) > 0 then
    if p_capacity > 0 and v_recorded.lowest_priority is not null and not exists (select from workflow.group_moves) then
      v_taker := workflow.find_taker(p_worker, p_capacity, p_leader_token, v_recorded.lowest_priority, v_now);
    end if;  -- nothing is handed over while a group is being moved away
    v_advanced := workflow.advance_runs(v_ended, '{}', v_now, v_taker);
    v_queues := v_advanced.queues;
    v_counts := v_advanced.ended;
    v_handed := v_advanced.handed;
  end if;
  if v_failed is not null or cardinality(v_accepted) is distinct from json_array_length(p_results) then
    v_oversized := workflow.settle_failures(p_worker, workflow.oversized_outputs(v_held), true, v_now);
    v_accepted  := v_accepted || v_oversized.accepted;
    v_queues    := v_queues || v_oversized.queues;
    v_reports   := workflow.read_reports(p_results);
    v_runs      := array(select distinct p.run_id from unnest(v_held) p);
    v_counts    := workflow.count_ended_runs(v_runs, v_now);
    v_handed    := array(select h from unnest(v_handed) h
                                cross join lateral (select r.finished_at from workflow.workflow_runs r where r.run_id = h.run_id limit 1) r
                         where r.finished_at is null);
  end if;

  if v_recorded.quorum or v_reports is not null then
    v_unconfirmed := workflow.unconfirmed_runs(array(select distinct p.run_id from json_to_recordset(p_results) as p(run_id uuid)));
  end if;
  return query
    select a.ordinal, a.verdict, a.queues, a.ended, case when a.ordinal = 1 then v_unconfirmed end, null::bigint, null::uuid, null, null::int, null::int, null, null::uuid, null, null, null::jsonb,
           null::jsonb, null::bigint, null::timestamptz, null::bigint
      from workflow.answer_reports(p_worker, json_array_length(p_results), v_reports, v_accepted, v_runs, v_queues, v_counts) a;
  if cardinality(v_handed) > 0 then
    return query
      select null::int, null, null::text[], null::jsonb, null::jsonb, c.claim_id, d.*
        from workflow.record_claim(p_worker, v_taker.heartbeat_timeout_ms, v_handed, v_now) c(claim_id),
             workflow.describe_tasks(v_handed, v_now) d;
  end if;
end $$;
