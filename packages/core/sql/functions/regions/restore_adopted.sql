-- Sends the messages of a group's open runs again, where the queues were emptied by a crash and rebuilt while the group was being adopted: a rebuild
-- leaves out groups that are not at home yet, and the parts that had been adopted before it have lost theirs. Returns the queues that got work.
create or replace function workflow.restore_adopted(p_group text, p_tenure bigint)
  returns text[]
  language plpgsql volatile security definer
  set search_path = ''
  set enable_seqscan = off
as $$
declare
  v_runs uuid[];
begin
  if not exists (select from workflow.adoptions a join workflow.queue_marker m on m.rebuilt_at >= a.begun_at where a.placement_group = p_group) then
    return '{}';
  end if;
  v_runs := array(
    select r.run_id
      from workflow.workflow_runs r
     where r.run_id >= (select h.oldest_open_run_id from workflow.run_horizon h) and r.finished_at is null and r.home_epoch = p_tenure
       and workflow.group_of_row(r.tenant_id, r.placement_group) = p_group);
  perform workflow.withdraw_messages(v_runs);
  return (workflow.advance_runs('{}', workflow.messages_of_queued_tasks(v_runs), workflow.clock())).queues;
end $$;
