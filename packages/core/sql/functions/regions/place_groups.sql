-- Gives groups of one member to others: of a takeover or a move, both of which name them ({"from": member id, "groups": {group: member id}}; a forced one
-- takes from all that are "lost"). What does not fit (the group is elsewhere, the heir may not have it) is left where it is, alike at every member.
-- This region's monitor is woken where it is an heir: it adopts them at once. For the SQL of learning only.
create or replace function workflow.place_groups(p_epoch bigint, p_value jsonb)
  returns void
  language sql
  set search_path = ''
as $$
  with placed as (
    update workflow.placement p
       set region = m.region, member_id = m.member_id, tenure = p_epoch
      from jsonb_each_text(p_value -> 'groups') g
      join workflow.region_members m on m.member_id = g.value::uuid and m.state in ('full', 'retiring')
     where p.placement_group = g.key
       and (p.member_id = (p_value ->> 'from')::uuid or p_value -> 'lost' ? p.member_id::text)
       and p.member_id <> m.member_id
       and workflow.zone_of_group(p.placement_group) in ('global', m.zone)
    returning p.placement_group, p.tenure, p.region, p.member_id
  )
  insert into workflow.placement_history (placement_group, tenure, region, member_id)
  select placed.placement_group, placed.tenure, placed.region, placed.member_id from placed;

  select pg_notify('workflow_work', '#homes') where exists (select from jsonb_each_text(p_value -> 'groups') g where g.value = workflow.own_member()::text)
$$;
