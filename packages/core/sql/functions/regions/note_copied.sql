-- Writes down that every table of a link has been copied, and where the peer's log was after that. Whole it is when it has confirmed as far.
-- Answers false, and writes nothing, where a table is not copied yet.
-- Leader only (lease failover-monitor, with p_token).
-- Errors:  WF302 lease_lost
create or replace function workflow.note_copied(p_token bigint, p_member uuid, p_position pg_lsn)
  returns boolean
  language plpgsql security definer
  set search_path = ''
as $$
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  update workflow.mesh_links l
     set copied_at = workflow.clock(), copied_position = p_position
   where l.member_id = p_member and l.made_at is not null and l.copied_at is null and workflow.tables_to_copy(l.member_id) = 0;
  return found;
end $$;
