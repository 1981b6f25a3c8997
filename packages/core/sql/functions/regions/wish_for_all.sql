-- Wishes that all versions and keys that this region has and the log has not get into it (D9): they are of the time before it belonged to the mesh, or of
-- another mesh. Until then they count here. Twice is once. For SQL only.
-- Locks:  lock_versions, and the keys, for itself: what is registered at this moment is seen here, or sees that there is a mesh
create or replace function workflow.wish_for_all()
  returns void
  language plpgsql
  set search_path = ''
as $$
begin
  perform workflow.lock_versions();
  perform pg_advisory_xact_lock(hashtextextended('workflow.api_keys', 0));
  perform workflow.wish_for(array(
    select jsonb_build_object('item', 'version', 'slug', v.slug, 'definition_id', v.definition_id, 'active', v.active)
      from workflow.workflow_versions v
     where not exists (select from workflow.decided_versions d where d.slug = v.slug and d.definition_id = v.definition_id)
     order by v.slug, v.version));
  perform workflow.wish_for(array(
    select workflow.key_item(k) from workflow.api_keys k where k.epoch is null and k.revoked_at is null order by k.created_at, k.key_id));
end $$;
