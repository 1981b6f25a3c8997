-- Locks one run and returns it if retry_run may let it go on; otherwise refuses by name.
-- Errors:  WF204 run_not_found, WF213 run_not_retryable, WF208 unknown_step, WF001 invalid_request, WF218 not_home
create or replace function workflow.find_retryable_run(p_run_id uuid, p_from text, p_step text)
  returns workflow.workflow_runs
  language plpgsql security definer
  set search_path = ''
  set enable_seqscan = off
as $$
declare
  v_home   uuid[];
  v_run    workflow.workflow_runs;
begin
  if p_from is null or p_from not in ('failed', 'start', 'step') or (p_from = 'step') <> (p_step is not null) then
    perform workflow.refuse('WF001', 'from must be failed, start, or step together with the name of a step', 'from');
  end if;
  v_home := workflow.lock_runs(array[p_run_id]);
  select * into v_run from workflow.workflow_runs r where r.run_id = p_run_id;
  if not found then
    perform workflow.refuse('WF204', format('there is no run %s', p_run_id), 'run_id');
  elsif cardinality(v_home) = 0 then
    perform workflow.refuse('WF218', format('run %s is not at home here', p_run_id), 'run_id');
  elsif v_run.status not in ('failed', 'cancelled') then
    perform workflow.refuse('WF213', format('run %s is %s; only a failed or cancelled run can be retried', p_run_id, v_run.status), 'run_id',
                            jsonb_build_object('status', v_run.status));
  elsif p_step is not null and not exists (select from workflow.workflow_steps s
                                            where s.definition_id = v_run.definition_id and s.step_slug = p_step) then
    perform workflow.refuse('WF208', format('workflow %s has no step %s', v_run.workflow, p_step), 'from');
  end if;
  return v_run;
end $$;
