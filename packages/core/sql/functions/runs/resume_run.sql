-- Lets a paused run go on: every queued task gets its message back. Of a run that is not paused nothing changes.
-- Errors:  WF204 run_not_found, WF205 run_finished, WF218 not_home
create or replace function workflow.resume_run(p_run_id uuid)
  returns table (run_id uuid, status text, changed boolean, queues text[])
  language plpgsql security definer
  set search_path = ''
  set enable_seqscan = off
as $$
declare
  v_run workflow.workflow_runs := workflow.find_open_run(p_run_id);
begin
  if v_run.status <> 'paused' then
    return query select p_run_id, v_run.status, false, '{}'::text[];
    return;
  end if;
  update workflow.lawful_runs r
     set status = 'started', paused_at = null, revision = r.revision + 1
   where r.run_id = p_run_id;
  insert into workflow.open_run_changes (status, change) values ('started', 1), ('paused', -1);
  return query select p_run_id, 'started', true, coalesce(
    (workflow.advance_runs('{}', workflow.messages_of_queued_tasks(array[p_run_id]), workflow.clock())).queues, '{}');
end $$;
