-- Learns that a definition is a version of its slug: the next number, unless the content has one. For the SQL of learning only.
-- Returns: a sentence: what became of it
create or replace function workflow.decide_version(p_epoch bigint, p_item jsonb, p_decided_at timestamptz)
  returns text
  language plpgsql
  set search_path = ''
as $$
declare
  v_slug    text    := p_item ->> 'slug';
  v_id      uuid    := (p_item ->> 'definition_id')::uuid;
  v_active  boolean := coalesce((p_item ->> 'active')::boolean, false);
  v_version int     := (select d.version from workflow.decided_versions d where d.slug = v_slug and d.definition_id = v_id);
  v_here    int     := (select v.version from workflow.workflow_versions v where v.slug = v_slug and v.definition_id = v_id);
begin
  if v_version is not null then
    return format('%s: this content is version %s already', v_slug, v_version);
  end if;
  v_version := coalesce((select max(d.version) from workflow.decided_versions d where d.slug = v_slug), 0) + 1;
  if v_active then
    update workflow.decided_versions d set active = false where d.slug = v_slug and d.active;
  end if;
  insert into workflow.decided_versions (slug, version, definition_id, active, epoch, decided_at, activated_at)
    values (v_slug, v_version, v_id, v_active, p_epoch, p_decided_at, case when v_active then p_decided_at end);
  perform workflow.show_versions(v_slug);
  return format('%s: version %s%s%s', v_slug, v_version, case when v_active then ', active' else '' end,
                case when v_here <> v_version then format('; it was version %s here: another region registered other content first', v_here)
                     when v_version > 1 and v_active then format(', in place of version %s', v_version - 1) else '' end);
end $$;
