-- Writes down that a link is whole: copied, and confirmed past the position where the peer's log was after the copy. From here its slot may count for a
-- quorum, and the position that a lost slot had (kept_position) counts no more.
-- p_slot, p_confirmed:  confirmed_flush_lsn of that slot at the peer
-- One that was made anew is told in failover_events.
-- Leader only (lease failover-monitor, with p_token).
-- Errors:  WF302 lease_lost
create or replace function workflow.note_whole(p_token bigint, p_member uuid, p_slot text, p_confirmed pg_lsn)
  returns boolean
  language plpgsql security definer
  set search_path = ''
as $$
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  update workflow.mesh_links l
     set whole_at = workflow.clock(), whole_position = l.copied_position, kept_position = null
   where l.member_id = p_member and l.whole_at is null and l.slot_name = p_slot and l.copied_position <= p_confirmed;
  if not found then
    return false;
  end if;
  perform workflow.note_region_event('link_whole', l.region, format('the link from %s is whole: confirmed to %s', l.region, p_confirmed))
     from workflow.mesh_links l where l.member_id = p_member and l.generation > 1;
  return true;
end $$;
