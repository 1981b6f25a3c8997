-- A definition of a mesh that was just stored here: which version it is, if the log has decided that, and otherwise the wish that it becomes one.
-- For SQL only; its caller holds lock_versions.
-- Returns: version null: it is not decided; created: nobody here had wished for it
create or replace function workflow.wish_for_version(p_slug text, p_definition_id uuid)
  returns table (version int, created boolean)
  language plpgsql
  set search_path = ''
as $$
declare
  v_item   jsonb := jsonb_build_object('item', 'version', 'slug', p_slug, 'definition_id', p_definition_id, 'active', true);
  v_wished boolean;
begin
  if exists (select from workflow.decided_versions d where d.slug = p_slug and d.definition_id = p_definition_id) then
    perform workflow.show_versions(p_slug);  -- it was decided before it was here
    return query select d.version, false from workflow.decided_versions d where d.slug = p_slug and d.definition_id = p_definition_id;
    return;
  end if;
  v_wished := exists (select from workflow.log_wishes w where w.epoch is null and w.item @> (v_item - 'active'));
  if not v_wished then
    perform workflow.wish_for(array[v_item]);
  end if;
  return query select null::int, not v_wished;
end $$;
