-- Makes this database another member, one that joins: it left its mesh, or has lost what it promised. It forgets the log and what was decided by it, and keeps
-- its rows: what it copies goes over them, and what only it has reaches the others when they copy its link. It has no lease and no home of anybody until
-- it has learned a log that names its new id (join_mesh); the row of its former mesh stays until then, for a database without one would take
-- everybody to be at home.
-- Locks:   the home lock and the mesh's row, for itself
-- Returns: the new member id
-- Errors:  WF302 lease_lost; WF601 no_mesh; WF607 mesh_exists: it does not stand still
create or replace function workflow.renew_member(p_token bigint)
  returns uuid
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_stopped text;
  v_id      uuid := gen_random_uuid();
begin
  perform pg_catalog.set_config('synchronous_commit', 'on', true);
  perform workflow.assert_lease('failover-monitor', p_token);
  perform workflow.seize_home();
  select m.stopped_reason into v_stopped from workflow.mesh m for update;
  if not found then
    perform workflow.refuse('WF601', 'this region belongs to no mesh');
  elsif v_stopped is null then
    perform workflow.refuse('WF607', 'this region is a member of its mesh and does not stand still');
  end if;
  delete from workflow.group_moves;
  delete from workflow.region_seals;
  delete from workflow.region_suspicions;
  delete from workflow.told_suspicions;
  delete from workflow.lease_grants;
  delete from workflow.ballots;
  delete from workflow.placement_history;
  delete from workflow.placement;
  delete from workflow.tenant_registry;
  delete from workflow.decided_versions;
  delete from workflow.api_keys k where k.epoch is not null;
  delete from workflow.log_wishes w where w.epoch is not null;
  delete from workflow.region_members;
  delete from workflow.topology;
  delete from workflow.mesh_links;
  update workflow.region_lease set expires_at = null, epoch = null, round_epoch = null, lost_at = null;
  update workflow.mesh set last_epoch = 0, member_epoch = 0, unknown_epoch = null, stopped_reason = 'it is a new member that nobody has added yet';
  update workflow.installation set member_id = v_id;
  perform workflow.note_region_event('region_renewed', m.region, format('%s is member %s now, after it stood still: %s', m.region, v_id, v_stopped))
     from workflow.mesh m;
  return v_id;
end $$;
