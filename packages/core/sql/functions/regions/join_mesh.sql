-- Learns a log that was found at another region, from its beginning (D1), where this database is a member of it already: one that was away when the mesh was
-- founded, or one that a step made `joining`.
-- p_entries: from epoch 1 on, as topology_since answers them; what is missing at the end is told by anybody afterwards
-- What was decided before is not told one by one, but that it was learned (note_region_event); to whom the mesh was founded with, that it was.
-- Returns: the last epoch learned
-- Errors:  WF302 lease_lost; WF607 mesh_exists; WF603 other_member: the log does not name this database; WF608 not_empty; WF609 unknown_value
create or replace function workflow.join_mesh(p_token bigint, p_region text, p_entries jsonb)
  returns bigint
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_own   text := workflow.own_member();
  v_entry jsonb;
  v_last  bigint := 0;
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  perform workflow.enter_mesh(p_region, p_entries -> 0 -> 'value');
  for v_entry in select e.value from jsonb_array_elements(p_entries) with ordinality as e(value, at) order by e.at loop
    exit when (v_entry ->> 'epoch')::bigint <> v_last + 1;
    if not workflow.learn_entry(v_last + 1, v_entry -> 'value', (v_entry ->> 'decided_at')::timestamptz) then
      perform workflow.refuse('WF609', format('epoch %s has a value of a version that this release does not know', v_last + 1));
    end if;
    v_last := v_last + 1;
  end loop;
  perform from workflow.region_members m where m.member_id = v_own::uuid and m.region = p_region and m.state <> 'gone';
  if not found then
    perform workflow.refuse('WF603', format('the log does not name region %s as member %s', p_region, v_own));
  elsif p_entries -> 0 -> 'value' -> 'members' @> jsonb_build_array(jsonb_build_object('member_id', v_own)) and exists (select from workflow.workflow_runs) then
    perform workflow.refuse('WF608', format('region %s has runs, but was taken for empty when the mesh was founded', p_region));
  end if;
  perform workflow.wish_for_all();
  if p_entries -> 0 -> 'value' -> 'members' @> jsonb_build_array(jsonb_build_object('member_id', v_own)) then
    perform workflow.note_decision(1, p_entries -> 0 -> 'value', (p_entries -> 0 ->> 'decided_at')::timestamptz);
  end if;
  if v_last > 1 then
    perform workflow.note_region_event('mesh_joined', p_region,
      format('%s learned the %s epochs of the mesh of %s, and is %s', p_region, v_last,
             (select string_agg(m.region, ', ' order by m.region) from workflow.region_members m where m.state <> 'gone'),
             (select m.state from workflow.region_members m where m.member_id = v_own::uuid)));
  end if;
  return v_last;
end $$;
