-- Deletes the messages of whole runs, found by the run that they name; p_waiting_only leaves those of tasks that are running.
-- Waits for claims that are taking one at this moment: what it leaves behind was claimed before, what comes after finds nothing.
-- The caller holds the runs' locks, so nobody sends new ones meanwhile.
create or replace function workflow.withdraw_messages(p_run_ids uuid[], p_waiting_only boolean default false)
  returns void
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_queue text;
begin
  for v_queue in
    select distinct workflow.pgmq_name(s.queue, r.priority)
      from workflow.workflow_runs r
      join workflow.workflow_steps s on s.definition_id = r.definition_id
     where r.run_id = any(p_run_ids)
  loop
    execute format('delete from pgmq.%I q where q.message ->> ''run_id'' = any($1::text[]) and (q.read_ct = 0 or not $2)', 'q_' || v_queue)
      using p_run_ids, p_waiting_only;
  end loop;
end $$;
