-- Tells what an epoch has changed, once it was learned here (note_region_event): every member tells it for itself, also one that learns it late. Epochs that
-- changed nothing about places and members (tenants, versions, keys, `nothing`, what came too late) tell nothing. Why it was wished, who sealed and for how
-- long nobody executed travel in the value: "why", "sealed_by", "without_ms"; older members ignore them, and older proposers leave them out. They
-- are read with patience: a value that cannot be told would keep every member from learning its epoch.
-- For the SQL of learning only.
create or replace function workflow.note_decision(p_epoch bigint, p_value jsonb, p_decided_at timestamptz)
  returns void
  language plpgsql
  set search_path = ''
as $$
declare
  v_kind   text   := p_value ->> 'kind';
  v_own    text   := (select m.region from workflow.mesh m);
  v_former text   := coalesce(p_value ->> 'region', workflow.region_names(jsonb_build_array(p_value ->> 'from')));
  v_late   bigint := extract(epoch from workflow.clock() - p_decided_at);
  v_end    text   := format(' (epoch %s%s)', p_epoch, case when v_late >= 10 then format(', learned %s s later', v_late) else '' end);
  v_why    text   := ': ' || nullif(p_value ->> 'why', '');
  v_heirs  text;
  v_new    text;
  v_left   bigint;
  v_ms     bigint := case when v_kind in ('takeover', 'move') then workflow.whole_ms(p_value -> 'without_ms') end;
  v_what   text;
begin
  if v_kind = 'found' then
    select string_agg(m.region, ', ' order by m.region) into v_new from workflow.region_members m;
    perform workflow.note_region_event('mesh_founded', v_own, format('the mesh of %s begins: %s of its %s groups are at home in %s%s', v_new,
      (select count(*) from workflow.placement p where p.region = v_own), (select count(*) from workflow.placement), v_own, v_end),
      jsonb_build_object('successor', v_new));
  elsif v_kind = 'member' then
    if exists (select from workflow.region_members m where m.member_id::text = lower(p_value ->> 'member_id') and m.member_epoch = p_epoch) then
      perform workflow.note_region_event('member_changed', v_former, format('%s becomes %s%s%s', v_former, p_value ->> 'state', v_why, v_end), '{"learned": true}');
    end if;
  elsif v_kind in ('takeover', 'move') then
    select string_agg(format('%s (%s)', h.region, h.groups), ', ' order by h.region), string_agg(h.region, ', ' order by h.region),
           case sum(h.groups) when 1 then 'group ' || min(h.one) else sum(h.groups) || ' groups' end
      into v_heirs, v_new, v_what
      from (select p.region, count(*) as groups, min(p.placement_group) as one from workflow.placement p where p.tenure = p_epoch group by p.region) h;
    if v_what is null and not p_value ? 'lost' then
      return;
    end if;
    select count(*) into v_left from workflow.placement p where p.member_id::text = lower(p_value ->> 'from') and v_kind = 'takeover';
    v_what := case when v_what is null then format('%s holds no group', v_former) when v_kind = 'move' then format('%s hands %s to %s', v_former, v_what, v_heirs)
                   else format('%s of %s %s to %s', v_what, v_former, case when v_what like 'group %' then 'goes' else 'go' end, v_heirs) end
           || coalesce(v_why, '')
           || case when p_value ? 'lost' then format('; a new mesh begins without %s', v_former) else '' end
           || coalesce('; sealed by ' || workflow.region_names(p_value -> 'sealed_by'), '')
           || case when v_kind = 'takeover' and v_ms is not null then format(', granted no lease for %s ms', v_ms) else '' end
           || case when v_left > 0 then format('; %s stay with it, and nobody executes them', v_left) else '' end;
    perform workflow.note_region_event(
      case when p_value ? 'lost' then 'mesh_forced' when v_kind = 'move' then 'groups_moved' else 'groups_taken' end, v_former, v_what || v_end,
      jsonb_build_object('former', v_former, 'successor', v_new, 'without_ms', v_ms, 'learned', true));
  end if;
end $$;
