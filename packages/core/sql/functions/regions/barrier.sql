-- What the step of a member asks of every home (D7): does it know the last step, was its lease won under it or has it none, and are the markers of its groups
-- and all that it wrote before confirmed, by whom. The first call answers with the position that is to be confirmed; the next ones bring it along.
-- Returns: answer_to's and {"holds": zones of the groups at home here, "knows", "lease_is_newer", "marked", "position", "confirmed": [member ids]}
-- Errors:  those of check_call
create or replace function workflow.barrier(p_call jsonb, p_epoch bigint, p_position pg_lsn default null)
  returns jsonb
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_mesh     workflow.mesh := workflow.check_call(p_call);
  v_own      uuid          := workflow.own_member();
  v_lease    workflow.region_lease;
  v_marked   boolean;
  v_position pg_lsn;
begin
  select * into v_lease from workflow.region_lease;
  v_marked := not exists (
    select from workflow.placement p
     where p.member_id = v_own
       and p.tenure > (select min(h.tenure) from workflow.placement_history h where h.placement_group = p.placement_group)
       and not exists (select from workflow.group_adoptions a
                        where a.home_epoch = p.tenure
                          and (a.placement_group = p.placement_group or a.placement_group = p.split_from and p.tenure = p.split_tenure)));
  v_position := coalesce(p_position, case when v_marked then pg_catalog.pg_current_wal_flush_lsn() end);
  return workflow.answer_to(v_mesh, v_mesh.last_epoch + 1) || jsonb_build_object(
    'holds', (select coalesce(jsonb_agg(distinct workflow.zone_of_group(p.placement_group)), '[]') from workflow.placement p where p.member_id = v_own),
    'knows', v_mesh.last_epoch >= p_epoch,
    'lease_is_newer', workflow.lease_left_ms() is null or v_lease.expires_at = 'infinity' or coalesce(v_lease.epoch >= p_epoch, false),
    'marked', v_marked,
    'position', v_position,
    'confirmed', (select coalesce(jsonb_agg(s.member_id order by s.member_id), '[]')
                    from workflow.peer_slots() s where s.healthy and s.whole and s.confirmed >= v_position));
end $$;
