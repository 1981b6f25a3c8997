-- Why a tenant may not be written here now, as one word and one sentence; nothing where it may be. The first that holds:
--   unknown   the mesh has zones and this region has not learned of the tenant
--   elsewhere another region is its home: region says which
--   no_lease  this region is the home and has no lease: it may have been deposed
--   adopting  this region has become the home and has not adopted the group yet
--   moving    the group is being moved to another region: no new work, or (stopped) nothing at all
create or replace function workflow.why_not_home(p_tenant text)
  returns table (reason text, sentence text, region text)
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  v_home record;
begin
  select h.placement_group, h.region, h.member_id, m.mark, m.target, p.placement_group is not null and workflow.is_adopted(p) as adopted into v_home
    from workflow.home_of(array[p_tenant]) h
    left join workflow.placement p on p.placement_group = h.placement_group
    left join workflow.group_moves m on m.placement_group = h.placement_group;
  if not exists (select from workflow.mesh) then
    return;
  elsif v_home.member_id is null then
    return query select 'unknown', format('tenant %s is not registered here', p_tenant), null::text;
  elsif v_home.member_id <> workflow.own_member() then
    return query select 'elsewhere', format('tenant %s is at home in region %s', p_tenant, v_home.region), v_home.region;
  elsif workflow.lease_left_ms() is null then
    return query select 'no_lease', 'this region has no lease now', v_home.region;
  elsif not v_home.adopted then
    return query select 'adopting', format('this region is taking over group %s', v_home.placement_group), v_home.region;
  elsif v_home.mark is not null then
    return query select 'moving', format('group %s is being moved to region %s', v_home.placement_group, v_home.target), v_home.region;
  end if;
end $$;
