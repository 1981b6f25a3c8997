-- Lets a failed or cancelled run go on: from its failed steps (failed), from scratch (start), or from a named step (step, p_step): that one
-- and all that depend on it start anew. Completed outputs of the other steps are kept, also those of a failed map's completed tasks.
-- Attempt numbers go on rising; failures are counted anew. A deadline that has passed is dropped.
-- Errors:  WF204 run_not_found, WF213 run_not_retryable (open or completed), WF208 unknown_step, WF001 invalid_request, WF218 not_home
create or replace function workflow.retry_run(p_run_id uuid, p_from text default 'failed', p_step text default null)
  returns table (run_id uuid, status text, queues text[])
  language plpgsql security definer
  set search_path = ''
  set enable_seqscan = off
as $$
#variable_conflict use_column
declare
  v_now      timestamptz;
  v_run      workflow.workflow_runs;
  v_ready    workflow.step_ref[];
  v_messages workflow.outgoing_message[];
  v_expanded record;
  v_left     int;
  v_queues   text[];
begin
  v_run := workflow.find_retryable_run(p_run_id, p_from, p_step);
  v_now := workflow.clock();
  -- Without a condition, so that it waits for a scheduler that is raising the horizon past this run at the moment.
  update workflow.run_horizon h set oldest_open_run_id = least(h.oldest_open_run_id, p_run_id);
  delete from workflow.run_timers t where t.run_id = p_run_id;
  insert into workflow.run_timers (run_id, kind, due_at) select p_run_id, 'deadline', v_run.deadline where v_run.deadline > v_now;
  insert into workflow.open_run_changes (status, change) values ('started', 1);

  update workflow.lawful_runs r
     set status = 'started', started_at = coalesce(r.started_at, v_now), finished_at = null, error = null, revision = r.revision + 1,
         deadline = case when r.deadline > v_now then r.deadline end
   where r.run_id = p_run_id;
  if not exists (select from workflow.step_states s where s.run_id = p_run_id) then  -- cancelled before it was due
    return query select p_run_id, 'started', workflow.begin_runs(array[p_run_id], v_now);
    return;
  end if;

  perform workflow.reset_steps(p_run_id, p_from, p_step);
  update workflow.lawful_runs r
     set remaining_leaves = (select count(*)
                               from workflow.step_states s
                               join workflow.workflow_steps w on w.definition_id = r.definition_id and w.step_slug = s.step_slug and w.dependents = '{}'
                              where s.run_id = p_run_id and (s.status not in ('completed', 'skipped') or s.status = 'skipped' and s.remaining_deps > 0)),
         revision = r.revision + 1
   where r.run_id = p_run_id
  returning r.remaining_leaves into v_left;

  v_messages := workflow.messages_of_queued_tasks(array[p_run_id]);
  v_ready := array(select row(s.run_id, s.step_slug)::workflow.step_ref
                     from workflow.step_states s where s.run_id = p_run_id and s.status = 'created' and s.remaining_deps = 0);
  v_expanded := workflow.expand_steps(v_ready, v_now);
  if v_expanded.failed is not null then
    perform workflow.close_runs(v_expanded.failed, v_now);
    return query select p_run_id, 'failed', '{}'::text[];
    return;
  end if;
  v_queues := (workflow.advance_runs(
    workflow.describe_ended_steps(v_expanded.ended || case when v_left = 0 then array[row(p_run_id, null)::workflow.step_ref] end),
    v_messages || v_expanded.messages, v_now)).queues;
  return query select p_run_id, r.status, v_queues from workflow.workflow_runs r where r.run_id = p_run_id;
end $$;
