-- Why a report was not accepted; the first that fits:
--   already   this attempt's report was accepted before, whatever has ended since
--   closed    the run or the step is final, or the run is gone
--   lost      this attempt no longer holds the task
--   not_home  the run may not be written here now
create or replace function workflow.judge_report(p_worker uuid, p_report workflow.task_report, p_home uuid[])
  returns text
  language plpgsql stable security definer
  set search_path = ''
as $$
declare
  v_task workflow.step_tasks;
  v_step text;
  v_run  text;
begin
  select * into v_task from workflow.step_tasks t
    where t.run_id = p_report.run_id and t.step_slug = p_report.step_slug and t.task_index = p_report.task_index;
  if v_task.attempt = p_report.attempt and v_task.worker_id = p_worker and v_task.status = 'completed'
     or exists (select from workflow.step_attempts a
                 where a.run_id = p_report.run_id and a.step_slug = p_report.step_slug and a.task_index = p_report.task_index
                   and a.attempt = p_report.attempt and a.worker_id = p_worker and a.reported) then
    return 'already';
  end if;
  select s.status into v_step from workflow.step_states s where s.run_id = p_report.run_id and s.step_slug = p_report.step_slug;
  select r.status into v_run from workflow.workflow_runs r where r.run_id = p_report.run_id;
  if v_run is null or v_run in ('completed', 'failed', 'cancelled') or v_step is null or v_step in ('completed', 'failed', 'skipped', 'cancelled') then
    return 'closed';
  elsif v_task.status = 'started' and v_task.attempt = p_report.attempt and v_task.worker_id = p_worker and p_report.run_id <> all (p_home) then
    return 'not_home';
  end if;
  return 'lost';
end $$;
