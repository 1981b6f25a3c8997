-- Epoch 1: the members, and the groups dealt round in each zone, in the order of the regions' names (D1). For the SQL of learning only.
-- p_value: {"mesh_id", "has_zones", "members": [{"region", "member_id", "zone"}, ...] sorted by region}
create or replace function workflow.apply_found(p_epoch bigint, p_value jsonb)
  returns void
  language plpgsql
  set search_path = ''
as $$
begin
  insert into workflow.region_members (member_id, region, zone, state, member_epoch)
  select (m ->> 'member_id')::uuid, m ->> 'region', m ->> 'zone', 'full', p_epoch
    from jsonb_array_elements(p_value -> 'members') m;

  insert into workflow.placement (placement_group, region, member_id, tenure)
  select z.zone || '/' || g.number, x.region, x.member_id, p_epoch
    from (select 'global' as zone union select m.zone from workflow.region_members m) z
   cross join generate_series(0, 255) as g(number)
   cross join lateral (
         select m.region, m.member_id
           from workflow.region_members m
          where z.zone in ('global', m.zone)
          order by m.region collate "C"
         offset g.number % (select count(*) from workflow.region_members m where z.zone in ('global', m.zone)) limit 1) x;
  insert into workflow.placement_history (placement_group, tenure, region, member_id)
  select p.placement_group, p.tenure, p.region, p.member_id from workflow.placement p;
  update workflow.mesh set member_epoch = p_epoch;
  if (select count(*) from workflow.region_members) = 1 then
    update workflow.region_lease set expires_at = 'infinity', epoch = p_epoch;
  end if;
end $$;
