-- What a region notes of another's run that arrives (R8). Fires in the apply worker only, after guarded apply has let the row in (arm_guards).
-- An older tenure than the group has here, where it is at home: its writer wrote it before it learned of that, and nobody had it when the group was
-- adopted. It is adopted then, finished or not; until then nothing of it is claimed.
-- An open run from before the span that advance_horizon leaves alone (its link was away, or it was retried): the horizon is lowered to it, for whoever
-- takes over later looks for open runs from there on. Its row is locked, so that it is not raised past the run until that is committed.
create or replace function workflow.note_late_runs()
  returns trigger
  language plpgsql security definer
  set search_path = ''
as $$
begin
  insert into workflow.adoption_work (placement_group, run_id)
    select p.placement_group, new.run_id
      from workflow.placement p
     where p.placement_group = workflow.group_of_row(new.tenant_id, new.placement_group) and p.tenure > new.home_epoch
       and p.member_id = workflow.own_member()
    on conflict do nothing;
  if new.finished_at is null and new.run_id < workflow.run_id_floor(workflow.clock() - interval '15 minutes') then
    perform from workflow.run_horizon for update;
    update workflow.run_horizon h set oldest_open_run_id = new.run_id where h.oldest_open_run_id > new.run_id;
  end if;
  return null;
end $$;
