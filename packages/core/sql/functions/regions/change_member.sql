-- One step of one member (D7): {"region", "member_id", "zone", "addresses", "state", "behind": the member epoch behind whose barrier it stands}. A step
-- behind another barrier than the last, or one that there is not, is learned as nothing, alike at every member. For the SQL of learning only.
create or replace function workflow.change_member(p_epoch bigint, p_value jsonb)
  returns void
  language plpgsql
  set search_path = ''
as $$
declare
  v_id   uuid := (p_value ->> 'member_id')::uuid;
  v_to   text := p_value ->> 'state';
  v_from text := (select m.state from workflow.region_members m where m.member_id = v_id);
begin
  if (select m.member_epoch from workflow.mesh m) is distinct from (p_value ->> 'behind')::bigint
     or (coalesce(v_from, 'nobody'), v_to) not in (('nobody', 'joining'), ('joining', 'full'), ('joining', 'gone'), ('full', 'retiring'),
                                                   ('retiring', 'full'), ('retiring', 'copying'), ('retiring', 'gone'), ('copying', 'full'), ('copying', 'gone'))
     or v_to in ('copying', 'gone') and exists (select from workflow.placement p where p.member_id = v_id)
     or v_from is null and exists (select from workflow.region_members m where m.region = p_value ->> 'region' and m.state <> 'gone')
     or v_from is null and not (select m.has_zones from workflow.mesh m) and p_value ->> 'zone' <> 'global' then
    return;
  end if;

  insert into workflow.region_members as m (member_id, region, zone, state, addresses, member_epoch)
    values (v_id, p_value ->> 'region', p_value ->> 'zone', v_to, coalesce(p_value -> 'addresses', '{}'), p_epoch)
    on conflict (member_id) do update set state = excluded.state, member_epoch = excluded.member_epoch;
  update workflow.mesh set member_epoch = p_epoch;
  if v_to = 'full' and (select count(*) from workflow.region_members m where m.state in ('full', 'retiring', 'copying')) > 1 then
    update workflow.region_lease set expires_at = workflow.clock() where expires_at = 'infinity';  -- one region alone no more
  end if;
  if v_to = 'gone' then
    perform workflow.leave_mesh(p_epoch, v_id);
  end if;
end $$;
