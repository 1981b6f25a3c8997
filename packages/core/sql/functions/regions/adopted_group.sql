-- The group, where whoever is its home may let others than its adoption write it (R8): the home's own marker is there, or that of the group it was split
-- off from (R4; placement says up to which tenure), or nobody had it before, so that there was nothing to adopt. Nothing where it is not.
-- Inlined: the check of homes asks it for each group at every claim and report; it names nothing that a search path could change.
create or replace function workflow.adopted_group(p_group text)
  returns table (placement_group text)
  language sql stable rows 1
as $$
  select p.placement_group
    from workflow.placement p
   where p.placement_group = p_group
     and (exists (select from workflow.group_adoptions a
                   where a.placement_group = p.placement_group and a.home_epoch = p.tenure and a.member_id = p.member_id)
          or p.tenure <= p.split_tenure
             and exists (select from workflow.group_adoptions a
                          where a.placement_group = p.split_from and a.home_epoch = p.tenure and a.member_id = p.member_id)
          or not exists (select from workflow.placement_history h where h.placement_group = p.placement_group and h.tenure < p.tenure))
$$;
