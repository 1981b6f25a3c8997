-- Removes timers of runs that are another region's to start or fail, or that must be adopted first: adoption makes them anew. What only waits here (no
-- lease, a group that is being adopted or moved) keeps its timers.
create or replace function workflow.forget_foreign_timers(p_run_ids uuid[])
  returns void
  language plpgsql volatile security definer
  set search_path = ''
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
as $$
begin
  if not exists (select from workflow.mesh) then
    return;
  end if;
  delete from workflow.run_timers t
   where t.run_id = any (p_run_ids)
     and not exists (select from workflow.workflow_runs r
                       join workflow.placement p on p.placement_group = workflow.group_of_row(r.tenant_id, r.placement_group)
                      where r.run_id = t.run_id and p.member_id = workflow.own_member() and p.tenure = r.home_epoch);
end $$;
