-- Makes a registered version the one that a start by slug takes. Open runs stay on the version they were started with.
-- In a mesh it is a wish: it is so, in every region, when the log has it; of two that ask for different ones the later in the log counts (D1).
-- Errors:  WF201 unknown_workflow, WF209 unknown_version
create or replace function workflow.activate_definition(p_slug text, p_version int)
  returns table (definition_id uuid, slug text, version int)
  language plpgsql security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_now timestamptz := workflow.clock();
  v_id  uuid;
begin
  perform pg_advisory_xact_lock(hashtextextended('workflow.slug:' || p_slug, 0));
  perform workflow.lock_versions();
  if not exists (select from workflow.workflow_versions v where v.slug = p_slug) then
    perform workflow.refuse('WF201', format('there is no workflow named %s', p_slug), 'workflow');
  elsif not exists (select from workflow.workflow_versions v where v.slug = p_slug and v.version = p_version) then
    perform workflow.refuse('WF209', format('workflow %s has no version %s', p_slug, p_version), 'version');
  end if;
  if exists (select from workflow.mesh) then
    v_id := (select v.definition_id from workflow.workflow_versions v where v.slug = p_slug and v.version = p_version);
    perform workflow.wish_for(array[jsonb_build_object('item', 'activate', 'slug', p_slug, 'definition_id', v_id)]);
    return query select v_id, p_slug, p_version;
    return;
  end if;
  update workflow.workflow_versions v set active = false where v.slug = p_slug and v.active and v.version <> p_version;
  return query
    update workflow.workflow_versions v set active = true, activated_at = v_now
     where v.slug = p_slug and v.version = p_version
    returning v.definition_id, v.slug, v.version;
end $$;
