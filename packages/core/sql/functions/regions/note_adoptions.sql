-- Holds the list of adoptions against the placement: groups that this region must adopt are added, those that it may not any more are removed with what
-- was found of them (their new home has found it too).
create or replace function workflow.note_adoptions()
  returns void
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  v_own  uuid := workflow.own_member();
  v_lost text[];
begin
  v_lost := array(
    select g.placement_group
      from (select a.placement_group, a.tenure from workflow.adoptions a
            union
            select w.placement_group, null from workflow.adoption_work w) g
     where not exists (select from workflow.placement p
                        where p.placement_group = g.placement_group and p.member_id = v_own and p.tenure = coalesce(g.tenure, p.tenure)));
  if cardinality(v_lost) > 0 then
    delete from workflow.adoptions a     where a.placement_group = any (v_lost);
    delete from workflow.adoption_work w where w.placement_group = any (v_lost);
    update workflow.held_messages h
       set position = null  -- to be looked at, and dropped
      from workflow.workflow_runs r
     where h.position = 'FFFFFFFF/FFFFFFFF' and r.run_id = h.run_id and workflow.group_of_row(r.tenant_id, r.placement_group) = any (v_lost);
  end if;
  insert into workflow.adoptions (placement_group, tenure, reached, begun_at)
    select p.placement_group, p.tenure, '00000000-0000-0000-0000-000000000000', workflow.clock()
      from workflow.placement p
     where p.member_id = v_own and not workflow.is_adopted(p)
    on conflict do nothing;
end $$;
