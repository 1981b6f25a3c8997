-- The group, where whoever is its home may let others than its adoption write it (R8): the home's own marker is there, or that of the group it was split
-- off from (R4; placement says up to which tenure), or nobody had it before, so that there was nothing to adopt. Nothing where it is not.
-- Inlined: the check of homes asks it for each group at every claim and report; it names nothing that a search path could change. What was placed in the
-- first epoch is known without a look: nobody can have had it before.
create or replace function workflow.adopted_group(p_group text)
  returns table (placement_group text, member_id uuid, tenure bigint)
  language sql stable rows 1
as $$
  select p.placement_group, p.member_id, p.tenure
    from workflow.placement p
   where p.placement_group = p_group
     and (p.tenure = 1
          or exists (select from workflow.group_adoptions a
                      where a.placement_group = any (array[p.placement_group, case when p.tenure <= p.split_tenure then p.split_from end])
                        and a.home_epoch = p.tenure and a.member_id = p.member_id)
          or not exists (select from workflow.placement_history h where h.placement_group = p.placement_group and h.tenure < p.tenure))
$$;
