-- Stores a definition under its content hash. The same content again is the same version; any other content is a new one.
-- A hash that was never active becomes the active version of its slug; any other registration activates nothing.
-- In a mesh the definition is stored here at once and travels to everybody; that it is a version, and which, the log decides (D1). Until then `version` is
-- null, and no start takes it, here neither: the same number means the same content in every region.
-- p_definition: {slug, max_attempts?, base_delay_ms?, max_delay_ms?, timeout_ms?, queue?, steps: [...]} (docs: writing workflows)
-- Errors:       WF101-WF110, each naming the step and the field
create or replace function workflow.register_workflow(p_definition jsonb)
  returns table (definition_id uuid, slug text, version int, created boolean, activated boolean)
  language plpgsql security definer
  set search_path = ''
as $$
#variable_conflict use_column
declare
  v_now   timestamptz := workflow.clock();
  v_slug  text := p_definition ->> 'slug';
  v_id    uuid;
  v_seen  workflow.workflow_versions;
  v_next  int;
  v_alone boolean;
begin
  perform workflow.check_definition(p_definition);
  v_id := encode(substring(sha256(convert_to(p_definition::text, 'UTF8')) from 1 for 16), 'hex')::uuid;

  perform pg_advisory_xact_lock(hashtextextended('workflow.slug:' || v_slug, 0));
  perform workflow.lock_versions();
  v_alone := not exists (select from workflow.mesh);
  select * into v_seen from workflow.workflow_versions v where v.slug = v_slug and v.definition_id = v_id;
  if found and (v_alone or exists (select from workflow.decided_versions d where d.slug = v_slug and d.definition_id = v_id)) then
    return query select v_id, v_slug, v_seen.version, false, false;
    return;
  end if;

  insert into workflow.workflow_definitions (definition_id, writer, slug, definition, home_epoch, written_tick, created_at)
    values (v_id, workflow.own_member(), v_slug, p_definition, 1, workflow.write_tick(), v_now)
    on conflict do nothing;
  perform workflow.derive_steps(v_id, p_definition);
  perform workflow.level_steps(v_id);
  perform workflow.ensure_queue(q.queue) from (select distinct s.queue from workflow.workflow_steps s where s.definition_id = v_id) q;
  if not v_alone then
    return query select v_id, v_slug, w.version, w.created, false from workflow.wish_for_version(v_slug, v_id) w;
    return;
  end if;

  select coalesce(max(v.version), 0) + 1 into v_next from workflow.workflow_versions v where v.slug = v_slug;
  update workflow.workflow_versions v set active = false where v.slug = v_slug and v.active;
  insert into workflow.workflow_versions (slug, version, definition_id, total_steps, total_leaves, root_map, active, registered_at, activated_at)
    select v_slug, v_next, v_id, t.steps, t.leaves, t.root_map, true, v_now, v_now from workflow.shape_of_definition(v_id) t;
  return query select v_id, v_slug, v_next, true, true;
end $$;
