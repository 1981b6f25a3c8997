-- Writes the local form of a definition that arrived from another region, and makes its queues, after insert, in the apply worker; what was decided of it
-- before it was here is shown now. Whoever wrote it, it is the same content under the same id: done once.
-- Locks:  lock_versions, where it is the first copy
create or replace function workflow.derive_definition()
  returns trigger
  language plpgsql
  set search_path = ''
  set enable_seqscan = off
as $$
begin
  if exists (select from workflow.workflow_steps s where s.definition_id = new.definition_id) then
    return null;
  end if;
  perform workflow.lock_versions();
  if exists (select from workflow.workflow_steps s where s.definition_id = new.definition_id) then
    return null;
  end if;
  perform workflow.derive_steps(new.definition_id, new.definition);
  perform workflow.level_steps(new.definition_id);
  perform workflow.ensure_queue(q.queue)
    from (select distinct s.queue from workflow.workflow_steps s where s.definition_id = new.definition_id) q;
  perform workflow.show_versions(d.slug) from workflow.decided_versions d where d.definition_id = new.definition_id;
  return null;
end $$;
