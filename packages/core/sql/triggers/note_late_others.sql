-- Notes the group of a schedule or deletion that arrives with an older tenure than the group has here, where it is at home: they are adopted anew.
-- Fires in the apply worker only, after guarded apply has let the row in (arm_guards).
create or replace function workflow.note_late_others()
  returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
begin
  insert into workflow.adoptions (placement_group, tenure, begun_at)
    select p.placement_group, p.tenure, workflow.clock()
      from workflow.placement p
     where p.placement_group = workflow.group_of_row(new.tenant_id, new.placement_group) and p.tenure > new.home_epoch
       and p.member_id = workflow.own_member()
    on conflict do nothing;
  return null;
end $$;
