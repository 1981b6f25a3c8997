-- Gives started runs their steps, and their root steps their tasks; sends the messages. The runs exist and are locked or our own.
-- A root map over an empty array is completed at once, and so on down the chain. Returns the queues that got work.
create or replace function workflow.begin_runs(p_run_ids uuid[], p_now timestamptz)
  returns text[]
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
declare
  v_ended    workflow.step_ref[];
  v_messages workflow.outgoing_message[];
  v_quorum   boolean;
begin
  with step as (
    select r.run_id, r.residency, r.home_epoch, r.written_tick, r.durability, s.step_slug, cardinality(s.dependencies) as waits_for, n.tasks,
           p_now + s.start_delay_ms * interval '1 millisecond' as available_at, workflow.pgmq_name(s.queue, r.priority) as queue
      from workflow.workflow_runs r
      join workflow.workflow_steps s on s.definition_id = r.definition_id
     cross join lateral (select case when cardinality(s.dependencies) > 0 then null
                                     when s.kind = 'single' then 1
                                     else jsonb_array_length(r.input) end) n(tasks)
     where r.run_id = any (p_run_ids)
  ), state as (
    insert into workflow.lawful_steps
      (run_id, step_slug, residency, home_epoch, written_tick, status, remaining_deps, initial_tasks, remaining_tasks, created_at, started_at, finished_at)
    select s.run_id, s.step_slug, s.residency, s.home_epoch, s.written_tick,
           case when s.tasks is null then 'created' when s.tasks = 0 then 'completed' else 'started' end,
           s.waits_for, s.tasks, s.tasks, p_now, case when s.tasks is not null then p_now end, case when s.tasks = 0 then p_now end
      from step s
  ), task as (
    insert into workflow.lawful_tasks (run_id, step_slug, task_index, residency, home_epoch, written_tick, status, available_at, created_at)
    select s.run_id, s.step_slug, i.task_index, s.residency, s.home_epoch, s.written_tick, 'queued', s.available_at, p_now
      from step s, generate_series(0, s.tasks - 1) i(task_index)
     where s.tasks > 0
  )
  select array_agg(row(s.run_id, s.step_slug)::workflow.step_ref) filter (where s.tasks = 0),
         (select array_agg(row(m.queue, m.run_id, m.step_slug, i.task_index, m.available_at)::workflow.outgoing_message order by i.task_index)
            from step m, generate_series(0, m.tasks - 1) i(task_index) where m.tasks > 0),
         bool_or(s.durability = 'quorum')
    into v_ended, v_messages, v_quorum
    from step s;

  if v_ended is not null or v_quorum then  -- what is quorum's is held back there
    return (workflow.advance_runs(workflow.describe_ended_steps(v_ended), v_messages, p_now)).queues;
  end if;
  return workflow.send_messages(v_messages);
end $$;
