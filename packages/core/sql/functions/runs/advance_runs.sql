-- What follows when steps ended (completed or skipped): dependents that wait for nobody start, empty maps end at once and carry on, runs
-- whose last leaf ended complete, runs with a step that cannot start fail. p_messages of the caller go out with the new ones, last of all.
-- The one place that decides whether a message goes to its queue or, its run having durability quorum, is held until other regions have confirmed
-- what it follows from (R11, hold_messages). Two calls send without asking, for what they send again had been let go before: a task that its worker
-- gives back (release_tasks) and a message that a claim puts back (messages_at_home).
-- The caller holds the runs' locks. queues: those that got work; ended: how many runs, by outcome; handed: tasks that p_taker holds now.
create or replace function workflow.advance_runs(
    p_ended workflow.ended_step[], p_messages workflow.outgoing_message[], p_now timestamptz, p_taker workflow.task_taker default null,
    out queues text[], out ended jsonb, out handed workflow.handed_task[])
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
declare
  v_messages  workflow.outgoing_message[] := p_messages;
  v_wave      workflow.ended_step[] := p_ended;
  v_failed    workflow.run_closing[] := '{}';
  v_completed int := 0;
  v_started   record;
  v_expanded  record;
  v_finished  record;
  v_next      workflow.step_ref[];
  v_goes_on   boolean;
  v_has_leaves boolean;
  v_taker     workflow.task_taker := p_taker;
  v_held      workflow.outgoing_message[];
begin
  while cardinality(v_wave) > 0 loop
    select bool_or(e.dependents <> '{}'), bool_or(e.dependents = '{}') into v_goes_on, v_has_leaves from unnest(v_wave) e;
    v_next := null;
    if v_goes_on then
      v_started  := workflow.start_dependents(v_wave, p_now, v_taker);
      v_messages := v_messages || v_started.messages;
      handed     := handed || v_started.handed;
      v_next     := v_started.ended;
      v_taker.capacity := v_taker.capacity - coalesce(cardinality(v_started.handed), 0);
      if cardinality(v_started.maps) > 0 then
        v_expanded := workflow.expand_steps(v_started.maps, p_now);
        v_messages := v_messages || v_expanded.messages;
        v_failed   := v_failed || v_expanded.failed;
        v_next     := v_next || v_expanded.ended;
      end if;
    end if;
    if v_has_leaves then
      v_finished  := workflow.finish_runs(v_wave, p_now);
      v_completed := v_completed + v_finished.completed;
      v_failed    := v_failed || v_finished.failed;
    end if;
    v_wave := workflow.describe_ended_steps(v_next);
  end loop;

  if cardinality(v_failed) > 0 then
    perform workflow.close_runs(v_failed, p_now);
    v_messages := array(select m from unnest(v_messages) m where m.run_id not in (select f.run_id from unnest(v_failed) f));
    handed     := array(select h from unnest(handed) h     where h.run_id not in (select f.run_id from unnest(v_failed) f));
  end if;
  if v_completed > 0 and cardinality(v_failed) = 0 then
    ended := jsonb_build_object('completed', v_completed);
  elsif cardinality(v_failed) > 0 then
    ended := jsonb_strip_nulls(jsonb_build_object('completed', nullif(v_completed, 0), 'failed',
               nullif((select count(distinct f.run_id) from unnest(v_failed) f), 0)));
  end if;
  if cardinality(v_messages) > 0 then
    select array_agg(m) filter (where r.durability = 'local'), array_agg(m) filter (where r.durability = 'quorum')
      into v_messages, v_held
      from unnest(v_messages) m
     cross join lateral (select x.durability, x.status from workflow.workflow_runs x where x.run_id = m.run_id limit 1) r
     where r.status = 'started';
    queues := workflow.send_messages(v_messages);
    if v_held is not null then
      queues := queues || workflow.hold_messages(v_held);
    end if;
  end if;
end $$;
