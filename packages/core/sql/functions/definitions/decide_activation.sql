-- Learns that a start by slug takes this version from now on. For the SQL of learning only.
-- Returns: a sentence: what became of it
create or replace function workflow.decide_activation(p_epoch bigint, p_item jsonb, p_decided_at timestamptz)
  returns text
  language plpgsql
  set search_path = ''
as $$
declare
  v_slug    text := p_item ->> 'slug';
  v_version int  := (select d.version from workflow.decided_versions d
                      where d.slug = v_slug and d.definition_id = (p_item ->> 'definition_id')::uuid);
begin
  if v_version is null then
    return format('%s: there is no version with this content', v_slug);
  end if;
  update workflow.decided_versions d set active = false where d.slug = v_slug and d.active and d.version <> v_version;
  update workflow.decided_versions d set active = true, activated_at = p_decided_at where d.slug = v_slug and d.version = v_version;
  perform workflow.show_versions(v_slug);
  return format('%s: version %s is active since epoch %s', v_slug, v_version, p_epoch);
end $$;
