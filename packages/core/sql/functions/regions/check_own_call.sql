-- What a function of the monitor's asks before it writes about the next epoch: the region belongs to a mesh, does not stand still, and p_epoch is the one
-- after the last that it knows (null: any). Holds the mesh's row shared; durable.
-- Errors:  WF601 no_mesh, WF604 member_stopped, WF605 not_the_next_epoch
create or replace function workflow.check_own_call(p_epoch bigint default null)
  returns workflow.mesh
  language plpgsql
  set search_path = ''
as $$
declare
  v_mesh workflow.mesh;
begin
  perform pg_catalog.set_config('synchronous_commit', 'on', true);
  select * into v_mesh from workflow.mesh for share;
  if not found then
    perform workflow.refuse('WF601', 'this region belongs to no mesh');
  elsif v_mesh.stopped_reason is not null then
    perform workflow.refuse('WF604', format('region %s stands still: %s', v_mesh.region, v_mesh.stopped_reason));
  elsif p_epoch is distinct from v_mesh.last_epoch + 1 and p_epoch is not null then
    perform workflow.refuse('WF605', format('epoch %s is not the one after %s', p_epoch, v_mesh.last_epoch), 'epoch');
  end if;
  return v_mesh;
end $$;
