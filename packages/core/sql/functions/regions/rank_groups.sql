-- How much this member has of each group that another one holds (D5): the latest adoption of the group that it has applied, then how far it has applied the
-- stream of the region that adopted it, or of its first home. Its own stream it has whole. Of a group that a tenant was split off into, markers of the
-- group that it left count up to that tenure.
-- Returns: {group: {"adoption": epoch, "stream": member id, "position": lsn}}
create or replace function workflow.rank_groups(p_member uuid)
  returns jsonb
  language sql
  set search_path = ''
as $$
  with held as (
    select p.placement_group, a.home_epoch, coalesce(a.member_id, h.member_id) as stream
      from workflow.placement p
      left join lateral (
             select x.home_epoch, x.member_id
               from workflow.group_adoptions x
              where x.placement_group = p.placement_group
                 or x.placement_group = p.split_from and x.home_epoch <= p.split_tenure
              order by x.home_epoch desc limit 1) a on true
     cross join lateral (
             select x.member_id from workflow.placement_history x
              where x.placement_group = p.placement_group order by x.tenure limit 1) h
     where p.member_id = p_member
  ), stream as (
    select d.stream, case when d.stream = workflow.own_member() then 'FFFFFFFF/FFFFFFFF'
                          else coalesce(workflow.link_position(d.stream), '0/0') end as position
      from (select distinct held.stream from held) d
  )
  select coalesce(jsonb_object_agg(held.placement_group,
                                   jsonb_build_object('adoption', coalesce(held.home_epoch, 0), 'stream', held.stream, 'position', stream.position)), '{}')
    from held join stream on stream.stream = held.stream
$$;
