-- Makes this database one of a mesh, before it learns the first entry of the log. p_found: the value of epoch 1. Durable; nobody writes rows of a group at that moment
-- (seize_home). For the SQL of learning only.
-- Errors:  WF607 mesh_exists
create or replace function workflow.enter_mesh(p_region text, p_found jsonb)
  returns void
  language plpgsql
  set search_path = ''
as $$
begin
  perform pg_catalog.set_config('synchronous_commit', 'on', true);
  perform workflow.seize_home();
  insert into workflow.mesh as m (mesh_id, region, has_zones, last_epoch, member_epoch, founded_at)
    values ((p_found ->> 'mesh_id')::uuid, p_region, (p_found ->> 'has_zones')::boolean, 0, 0, workflow.clock())
    on conflict (singleton) do update  -- a member that was made anew, and has learned nothing yet
       set mesh_id = excluded.mesh_id, region = excluded.region, has_zones = excluded.has_zones, founded_at = excluded.founded_at, stopped_reason = null
     where m.last_epoch = 0;
  if not found then
    perform workflow.refuse('WF607', 'this region belongs to a mesh already');
  end if;
end $$;
