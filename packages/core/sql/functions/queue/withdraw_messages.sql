-- Deletes the messages of whole runs, held ones too, found by the run that they name.
-- Waits for claims that are taking one at this moment: what it does not find was claimed before, what comes after finds nothing.
-- The caller holds the runs' locks, so nobody sends new ones meanwhile.
create or replace function workflow.withdraw_messages(p_run_ids uuid[])
  returns void
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
declare
  v_queue text;
begin
  delete from workflow.held_messages h where h.run_id = any (p_run_ids);  -- first: what is let go at this moment is in its queue after it
  for v_queue in
    select distinct workflow.pgmq_name(s.queue, r.priority)
      from workflow.workflow_runs r
      join workflow.workflow_steps s on s.definition_id = r.definition_id
     where r.run_id = any(p_run_ids)
  loop
    execute format('delete from pgmq.%I q where q.message ->> ''run_id'' = any($1::text[])', 'q_' || v_queue) using p_run_ids;
  end loop;
end $$;
