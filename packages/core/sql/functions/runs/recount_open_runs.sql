-- Counts the open runs anew, from the horizon on: after a crash the unlogged changes are gone. The lock lets those finish that are adding a
-- change and holds off new ones, so that every change is either in the count or after it. In a mesh those are counted that are at home here and adopted:
-- an adoption adds the others.
create or replace function workflow.recount_open_runs()
  returns void
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_mesh boolean := exists (select from workflow.mesh);
  v_own  uuid := workflow.own_member();
begin
  lock table workflow.open_run_changes in share row exclusive mode;
  delete from workflow.open_run_changes;
  insert into workflow.open_run_changes (status, change)
    select r.status, count(*)
      from workflow.workflow_runs r
     where r.run_id >= (select h.oldest_open_run_id from workflow.run_horizon h) and r.finished_at is null
       and (not v_mesh or exists (select from workflow.placement p
                                   where p.placement_group = workflow.group_of_row(r.tenant_id, r.placement_group)
                                     and p.member_id = v_own and p.tenure = r.home_epoch))
     group by r.status;
end $$;
