-- Wishes that all versions and keys that this region has and the log has not get into it (D9): they are of the time before it belonged to the mesh, or of
-- another mesh. Until then they count here. Twice is once. For SQL only.
-- Whoever registers something at this moment has ended, or will see that there is a mesh (seize_home).
create or replace function workflow.wish_for_all()
  returns void
  language plpgsql
  set search_path = ''
as $$
begin
  perform workflow.wish_for(array(
    select jsonb_build_object('item', 'version', 'slug', v.slug, 'definition_id', v.definition_id, 'active', v.active)
      from workflow.workflow_versions v
     where not exists (select from workflow.decided_versions d where d.slug = v.slug and d.definition_id = v.definition_id)
     order by v.slug, v.version));
  perform workflow.wish_for(array(
    select workflow.key_item(k) from workflow.api_keys k where k.epoch is null and k.revoked_at is null order by k.created_at, k.key_id));
end $$;
