-- Whether this member has what the others have (D7): every link from a member that holds a group is whole, so what each of them had written when the last
-- table was copied was applied here. What ends `joining` and `copying`.
create or replace function workflow.is_copied()
  returns boolean
  language sql stable security definer
  set search_path = ''
as $$
  select not exists (
    select from workflow.region_members m
     where m.state <> 'gone' and m.member_id <> workflow.own_member()
       and exists (select from workflow.placement p where p.member_id = m.member_id)
       and not exists (select from workflow.mesh_links l where l.member_id = m.member_id and l.whole_at is not null))
$$;
