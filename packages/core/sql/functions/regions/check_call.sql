-- Who calls whom, of every call between regions (D2): the mesh and the member ids of both go with it, and whoever sees another refuses by name. Holds the
-- mesh's row shared to the end of the transaction, so that no epoch is learned between this look and what the caller writes (for itself where it learns one); durable.
-- p_call:  {"mesh_id", "from": the caller's member id, "to": the member id that it believes this database to have}
-- Returns: the mesh's row, as it is once nobody learns any more
-- Errors:  WF601 no_mesh, WF602 other_mesh, WF603 other_member, WF604 member_stopped
create or replace function workflow.check_call(p_call jsonb, p_learns boolean default false)
  returns workflow.mesh
  language plpgsql
  set search_path = ''
as $$
declare
  v_mesh workflow.mesh;
begin
  perform pg_catalog.set_config('synchronous_commit', 'on', true);
  if p_learns then
    select * into v_mesh from workflow.mesh for update;
  else
    select * into v_mesh from workflow.mesh for share;
  end if;
  if not found then
    perform workflow.refuse('WF601', 'this region belongs to no mesh');
  end if;
  if v_mesh.mesh_id is distinct from (p_call ->> 'mesh_id')::uuid then
    perform workflow.refuse('WF602', format('region %s belongs to mesh %s, the call is of mesh %s', v_mesh.region, v_mesh.mesh_id, p_call ->> 'mesh_id'), 'mesh_id');
  end if;
  if workflow.own_member() is distinct from (p_call ->> 'to')::uuid then
    perform workflow.refuse('WF603', format('region %s is member %s, the call is for %s', v_mesh.region, workflow.own_member(), p_call ->> 'to'), 'to');
  end if;
  if v_mesh.stopped_reason is not null then
    perform workflow.refuse('WF604', format('region %s stands still: %s', v_mesh.region, v_mesh.stopped_reason));
  end if;
  if not exists (select from workflow.region_members m where m.member_id = (p_call ->> 'from')::uuid and m.state <> 'gone') then
    perform workflow.refuse('WF603', format('region %s knows no member %s', v_mesh.region, p_call ->> 'from'), 'from');
  end if;
  return v_mesh;
end $$;
