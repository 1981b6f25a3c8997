-- Makes what is local of runs that were just adopted: the horizon, timers, the count of open runs, and messages of queued tasks, whatever an earlier
-- tenure here has left of them. Returns the queues that got work.
create or replace function workflow.resume_adopted(p_run_ids uuid[])
  returns text[]
  language plpgsql volatile security definer
  set search_path = ''
  set enable_seqscan = off
as $$
declare
  v_open uuid[] := array(select r.run_id from workflow.workflow_runs r where r.run_id = any (p_run_ids) and r.finished_at is null order by r.run_id);
begin
  -- Without a condition, so that it waits for a scheduler that is raising the horizon past one of them at the moment.
  update workflow.run_horizon h set oldest_open_run_id = least(h.oldest_open_run_id, coalesce(v_open[1], h.oldest_open_run_id));
  delete from workflow.run_timers t where t.run_id = any (p_run_ids);
  insert into workflow.run_timers (run_id, residency, kind, due_at)
    select r.run_id, r.residency, t.kind, t.due_at
      from workflow.workflow_runs r, lateral (values ('start', case when r.status = 'scheduled' then r.run_at end), ('deadline', r.deadline)) t(kind, due_at)
     where r.run_id = any (v_open) and t.due_at is not null;
  insert into workflow.open_run_changes (status, change)
    select r.status, count(*) from workflow.workflow_runs r where r.run_id = any (v_open) group by r.status;
  perform workflow.withdraw_messages(p_run_ids);
  return (workflow.advance_runs('{}', workflow.messages_of_queued_tasks(v_open), workflow.clock())).queues;
end $$;
