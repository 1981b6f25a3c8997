-- Writes epoch 1 into this database (D1). The value is a pure function of REGIONS and of the member ids that all of them answered, so it is the same
-- wherever it is written; the caller has seen that none of them has a log.
-- p_members: [{"region", "member_id", "zone"}], this region among them
-- Returns:   the mesh's id
-- Errors:    WF302 lease_lost; WF607 mesh_exists; WF608 not_empty (two regions or more begin without runs: a region that has some founds a mesh alone,
--            and the others join); WF603 other_member; WF001
create or replace function workflow.found_mesh(p_token bigint, p_region text, p_members jsonb)
  returns uuid
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_members jsonb := (select jsonb_agg(jsonb_build_object('region', m ->> 'region', 'member_id', m ->> 'member_id', 'zone', m ->> 'zone')
                                       order by m ->> 'region' collate "C") from jsonb_array_elements(p_members) m);
  v_count   int   := jsonb_array_length(p_members);
  v_value   jsonb;
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  if (select count(distinct m ->> 'member_id') from jsonb_array_elements(v_members) m) < v_count
     or (select count(distinct m ->> 'region') from jsonb_array_elements(v_members) m) < v_count then
    perform workflow.refuse('WF001', 'two of the regions are one: a copied database has the member id of the one that it was copied from', 'members');
  elsif not v_members @> jsonb_build_array(jsonb_build_object('region', p_region, 'member_id', workflow.own_member())) then
    perform workflow.refuse('WF603', format('the regions do not name %s as member %s', p_region, workflow.own_member()), 'members');
  elsif v_count > 1 and exists (select from workflow.workflow_runs) then
    perform workflow.refuse('WF608', format('region %s has runs already: let it found a mesh alone (REGIONS with itself only), then add the others', p_region));
  end if;

  v_value := jsonb_build_object('version', 1, 'kind', 'found', 'members', v_members,
                                'has_zones', exists (select from jsonb_array_elements(v_members) m where m ->> 'zone' <> 'global'));
  v_value := v_value || jsonb_build_object('mesh_id', md5(v_value::text)::uuid);
  perform workflow.enter_mesh(p_region, v_value);
  perform workflow.learn_entry(1, v_value, workflow.clock());
  perform workflow.note_decision(1, v_value, workflow.clock());
  perform workflow.wish_for_all();
  return v_value ->> 'mesh_id';
end $$;
