-- May the link from this member, which is gone, still bring what nobody here has? Until the adoption of every group that it was home of has arrived: its
-- adopter has by then written again what was missing (R8).
create or replace function workflow.link_is_needed(p_member uuid)
  returns boolean
  language sql stable security definer
  set search_path = ''
as $$
  select exists (
    select from workflow.placement_history h
     where h.member_id = p_member
       and not exists (select from workflow.group_adoptions a where a.placement_group = h.placement_group and a.home_epoch > h.tenure))
$$;
