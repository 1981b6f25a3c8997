-- Removes all rows of these runs, children first, and what guarded apply kept of them. The caller has made sure that they ended.
create or replace function workflow.erase_runs(p_run_ids uuid[])
  returns void
  language plpgsql security definer
  set search_path = ''
  set enable_seqscan = off
as $$
begin
  delete from workflow.step_attempts a where a.run_id = any (p_run_ids);
  delete from workflow.step_tasks    t where t.run_id = any (p_run_ids);
  delete from workflow.step_states   s where s.run_id = any (p_run_ids);
  delete from workflow.run_timers    m where m.run_id = any (p_run_ids);
  delete from workflow.replication_conflicts c where c.run_id = any (p_run_ids);
  delete from workflow.workflow_runs r where r.run_id = any (p_run_ids);
end $$;
