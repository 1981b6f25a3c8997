-- Locks one run that an operator wants to change and returns it; refuses one that is not there, not at home here, or ended.
-- Errors:  WF204 run_not_found, WF205 run_finished, WF218 not_home
create or replace function workflow.find_open_run(p_run_id uuid)
  returns workflow.workflow_runs
  language plpgsql security definer
  set search_path = ''
  set enable_seqscan = off
as $$
declare
  v_home   uuid[];
  v_run    workflow.workflow_runs;
begin
  v_home := workflow.lock_runs(array[p_run_id]);
  select * into v_run from workflow.workflow_runs r where r.run_id = p_run_id;
  if not found then
    perform workflow.refuse('WF204', format('there is no run %s', p_run_id), 'run_id');
  elsif cardinality(v_home) = 0 then
    perform workflow.refuse('WF218', format('run %s is not at home here', p_run_id), 'run_id');
  elsif v_run.finished_at is not null then
    perform workflow.refuse('WF205', format('run %s is %s', p_run_id, v_run.status), 'run_id', jsonb_build_object('status', v_run.status));
  end if;
  return v_run;
end $$;
