-- The claim: takes visible messages of these queues, high priority first, moves their tasks to started with attempt + 1, and returns all
-- that the handlers need in this one round trip.
-- p_settled: claims of which the worker holds nothing any more
-- Limits:    p_capacity from 1 to limit batch_max
-- Returns:   see describe_tasks. Nothing for a worker that drains.
-- Commits without waiting for the disk: a claim that a crash takes back never was, its task is queued again, and whoever reports it is refused,
-- for the fence is worker and attempt. Do not call it in one transaction with something that must last.
-- Locks:     messages (skip locked), then tasks in key order; it waits for nobody who waits for messages.
-- Errors:    WF301 worker_unknown (not registered, stopped, judged dead), WF302 lease_lost (active-passive: its group does not lead)
create or replace function workflow.start_tasks(
    p_worker uuid, p_queues text[], p_capacity int, p_leader_token bigint default null, p_settled bigint[] default '{}')
  returns table (claim_id bigint, run_id uuid, step_slug text, task_index int, attempt int, workflow text, definition_id uuid, tenant_id text,
                 kind text, input jsonb, run_input jsonb, timeout_ms bigint, deadline timestamptz, wait_ms bigint)
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
as $$
declare
  v_now      timestamptz := workflow.clock();
  v_worker   workflow.workflow_workers;
  v_messages workflow.message_ref[];
  v_claimed  workflow.handed_task[];
  v_mesh     boolean;
begin
  perform set_config('synchronous_commit', 'off', true);
  perform workflow.check_batch(p_capacity, 'capacity');
  -- Read without a lock: a worker that is judged dead at this moment may still take tasks, and the next look at what is in flight, which
  -- comes a tick later, takes them away again.
  select * into v_worker from workflow.workflow_workers w
    where w.worker_id = p_worker and w.stopped_at is null and w.tasks_requeued_at is null;
  if not found then
    perform workflow.refuse('WF301', format('worker %s is not registered, was stopped or was judged dead', p_worker), 'worker_id');
  end if;
  perform workflow.assert_may_claim(v_worker, p_leader_token);
  if v_worker.deprecated_at is not null or workflow.worker_is_gone(v_worker, v_now) then
    return;  -- silent past its timeout: what it took now would be taken from it at the scheduler's next tick; first it must beat
  end if;
  perform workflow.forget_claims(p_worker, p_settled);

  v_mesh := exists (select from workflow.mesh);
  if v_mesh and (workflow.lease_left_ms() is null or exists (select from workflow.claim_throttle)) then
    return;  -- a region without its lease takes nothing off a queue, nor one whose peers are too far behind (R16)
  end if;
  v_messages := workflow.take_messages(p_queues, v_now, p_capacity);
  if v_mesh and cardinality(v_messages) > 0 then
    v_messages := workflow.messages_at_home(v_messages, v_now);
  end if;
  if cardinality(v_messages) = 0 then
    return;
  end if;

  v_claimed := workflow.hand_out_tasks(p_worker, v_messages, v_now);
  if cardinality(v_claimed) > 0 then
    return query select c.claim_id, d.* from workflow.record_claim(p_worker, v_worker.heartbeat_timeout_ms, v_claimed, v_now) c(claim_id),
                                             workflow.describe_tasks(v_claimed, v_now) d;
  end if;
end $$;
