-- Counts the open runs anew, from the horizon on: after a crash the unlogged changes are gone. The lock lets those finish that are adding a
-- change and holds off new ones, so that every change is either in the count or after it.
create or replace function workflow.recount_open_runs()
  returns void
  language plpgsql security definer
  set search_path = ''
as $$
begin
  lock table workflow.open_run_changes in share row exclusive mode;
  delete from workflow.open_run_changes;
  insert into workflow.open_run_changes (status, change)
    select r.status, count(*)
      from workflow.workflow_runs r
     where r.run_id >= (select h.oldest_open_run_id from workflow.run_horizon h) and r.finished_at is null
     group by r.status;
end $$;
