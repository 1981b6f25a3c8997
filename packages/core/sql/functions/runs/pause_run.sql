-- Stops new claims of one run; what runs may finish. A claim that was under way at this moment is waited for: after the answer nothing
-- more of the run is claimed. Twice is once.
-- Errors:  WF204 run_not_found, WF205 run_finished, WF212 run_not_started (a scheduled run), WF218 not_home
create or replace function workflow.pause_run(p_run_id uuid)
  returns table (run_id uuid, status text, changed boolean, queues text[])
  language plpgsql security definer
  set search_path = ''
  set enable_seqscan = off
as $$
declare
  v_run workflow.workflow_runs := workflow.find_open_run(p_run_id);
  v_now timestamptz := workflow.clock();
begin
  if v_run.status = 'scheduled' then
    perform workflow.refuse('WF212', format('run %s has not started yet: cancel it instead', p_run_id), 'run_id');
  elsif v_run.status = 'paused' then
    return query select p_run_id, 'paused', false, '{}'::text[];
    return;
  end if;
  perform workflow.withdraw_messages(array[p_run_id]);
  update workflow.lawful_runs r
     set status = 'paused', paused_at = v_now, revision = r.revision + 1
   where r.run_id = p_run_id;
  insert into workflow.open_run_changes (status, change) values ('started', -1), ('paused', 1);
  return query select p_run_id, 'paused', true, '{}'::text[];
end $$;
