-- Whether a group that is at home here under this tenure may be written by others than its adoption (R8): its own marker is there, or that of the group
-- it was split off from (R4; p_placement says up to which tenure), or nobody had it before, so that there was nothing to adopt.
create or replace function workflow.is_adopted(p_placement workflow.placement)
  returns boolean
  language plpgsql stable security definer
  set search_path = ''
as $$
begin
  return exists (select from workflow.group_adoptions a
                  where a.placement_group = p_placement.placement_group and a.home_epoch = p_placement.tenure and a.member_id = p_placement.member_id)
      or p_placement.tenure <= p_placement.split_tenure
         and exists (select from workflow.group_adoptions a
                      where a.placement_group = p_placement.split_from and a.home_epoch = p_placement.tenure and a.member_id = p_placement.member_id)
      or not exists (select from workflow.placement_history h
                      where h.placement_group = p_placement.placement_group and h.tenure < p_placement.tenure);
end $$;
