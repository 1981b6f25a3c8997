-- The tenure and ledger tick to adopt a group's rows with (R8): like assert_home, but before the marker, and by group. It is also what the functions of
-- a planned move ask (R10).
-- Locks:   the homes of all groups, shared, to the end of the transaction (share_home)
-- Errors:  WF218 not_home (no lease, another home, or stopped for a move), WF620 unsafe_session
create or replace function workflow.assert_adopter(p_group text, out tenure bigint, out written_tick bigint)
  language plpgsql volatile security definer
  set search_path = ''
as $$
begin
  written_tick := workflow.share_home();  -- null: no live lease
  select p.tenure into tenure
    from workflow.placement p
   where p.placement_group = p_group and p.member_id = workflow.own_member() and written_tick is not null
     and not exists (select from workflow.group_moves m where m.placement_group = p_group and m.mark = 'stopped');
  if not found then
    perform workflow.refuse('WF218', format('group %s is not at home here now', p_group), 'placement_group');
  end if;
end $$;
