-- What follows when steps ended (completed or skipped): dependents that wait for nobody start, empty maps end at once and carry on, runs
-- whose last step ended complete, runs with a step that cannot start fail. p_messages of the caller go out with the new ones, last of all.
-- The caller holds the runs' locks. Returns the queues that got work.
create or replace function workflow.advance_runs(p_ended workflow.step_ref[], p_messages workflow.outgoing_message[], p_now timestamptz)
  returns text[]
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_messages workflow.outgoing_message[] := p_messages;
  v_wave     workflow.step_ref[] := p_ended;
  v_ended    workflow.step_ref[] := '{}';
  v_failed   workflow.run_closing[] := '{}';
  v_started  record;
  v_expanded record;
begin
  while cardinality(v_wave) > 0 loop
    v_ended    := v_ended || v_wave;
    v_started  := workflow.start_dependents(v_wave, p_now);
    v_messages := v_messages || v_started.messages;
    v_wave     := null;
    if cardinality(v_started.maps) > 0 then
      v_expanded := workflow.expand_steps(v_started.maps, p_now);
      v_messages := v_messages || v_expanded.messages;
      v_failed   := v_failed || v_expanded.failed;
      v_wave     := v_expanded.ended;
    end if;
  end loop;

  if cardinality(v_ended) > 0 then
    v_failed := v_failed || workflow.finish_runs(v_ended, p_now);
  end if;
  if cardinality(v_failed) > 0 then
    perform workflow.close_runs(v_failed, p_now);
    v_messages := array(select m from unnest(v_messages) m
                         where m.run_id not in (select f.run_id from unnest(v_failed) f));
  end if;
  return workflow.send_messages(array(
    select m from unnest(v_messages) m join workflow.workflow_runs r on r.run_id = m.run_id where r.status = 'started'));
end $$;
