-- Tells that the last of the groups that an epoch gave to this region is adopted (R8): all of them are executed again. For how long nobody executed them is
-- what the decided value says of the time before it, and the time from then on. For adopt_chunk, when it has written a marker.
-- Late rows, which are adopted after that, are not told.
create or replace function workflow.note_adopted(p_tenure bigint, p_now timestamptz)
  returns void
  language plpgsql
  set search_path = ''
as $$
declare
  v_own     text := (select m.region from workflow.mesh m);
  v_entry   workflow.topology;
  v_groups  text[];
  v_without bigint;
begin
  if exists (select from workflow.adoptions a where a.tenure = p_tenure) then
    return;
  end if;
  v_groups := array(select p.placement_group from workflow.placement p where p.tenure = p_tenure and p.member_id = workflow.own_member());
  select * into v_entry from workflow.topology t where t.epoch = p_tenure;
  v_without := workflow.whole_ms(v_entry.value -> 'without_ms') + (extract(epoch from p_now - v_entry.learned_at) * 1000)::bigint;
  perform workflow.note_region_event('groups_adopted', v_own,
    format('%s executes %s of %s%s (epoch %s)', v_own,
           case cardinality(v_groups) when 1 then 'group ' || v_groups[1] else cardinality(v_groups) || ' groups' end,
           coalesce(v_entry.value ->> 'region', workflow.region_names(jsonb_build_array(v_entry.value ->> 'from'))),
           ', after ' || v_without || ' ms without a home', p_tenure),
    jsonb_build_object('former', coalesce(v_entry.value ->> 'region', workflow.region_names(jsonb_build_array(v_entry.value ->> 'from'))),
                       'successor', v_own, 'without_ms', v_without));
end $$;
