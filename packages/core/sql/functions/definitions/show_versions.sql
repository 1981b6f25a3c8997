-- Makes what starts read of a slug (workflow_versions) what was decided of it: the versions whose definition is here. While the definition of the active one
-- is on its way, no version is active here: a start by slug waits as a request and takes no former one (R12).
-- What was registered here before this region belonged to a mesh stays as it is until something is decided of its slug; then a number that
-- was given to other content is taken from it, and it comes back under its own.
-- Locks:  its caller holds lock_versions
create or replace function workflow.show_versions(p_slug text)
  returns void
  language plpgsql
  set search_path = ''
as $$
begin
  delete from workflow.workflow_versions v
   using workflow.decided_versions d
   where v.slug = p_slug and d.slug = p_slug and (d.version = v.version) <> (d.definition_id = v.definition_id);
  insert into workflow.workflow_versions (slug, version, definition_id, total_steps, total_leaves, root_map, active, registered_at)
    select d.slug, d.version, d.definition_id, t.steps, t.leaves, t.root_map, false, d.decided_at
      from workflow.decided_versions d
     cross join lateral workflow.shape_of_definition(d.definition_id) t
     where d.slug = p_slug
       and not exists (select from workflow.workflow_versions v where v.slug = d.slug and v.version = d.version);
  update workflow.workflow_versions v set active = false
   where v.slug = p_slug and v.active
     and exists (select from workflow.decided_versions d where d.slug = p_slug and d.active and d.version <> v.version);
  update workflow.workflow_versions v set active = true, activated_at = d.activated_at
    from workflow.decided_versions d
   where v.slug = p_slug and d.slug = p_slug and d.version = v.version and d.active and not v.active;
end $$;
