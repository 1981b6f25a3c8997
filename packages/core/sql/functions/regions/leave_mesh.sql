-- What a member that is gone leaves behind at this one: nobody suspects, seals or grants to it any more; gone itself, this database stands still. The row of
-- a seal stays while its link is disabled. For the SQL of learning only.
create or replace function workflow.leave_mesh(p_epoch bigint, p_member uuid)
  returns void
  language plpgsql
  set search_path = ''
as $$
begin
  delete from workflow.region_suspicions s where s.member_id = p_member;
  delete from workflow.told_suspicions s where s.member_id = p_member;
  delete from workflow.lease_grants g where g.member_id = p_member;
  if p_member = workflow.own_member() then
    update workflow.mesh set stopped_reason = format('it left the mesh in epoch %s', p_epoch);
    update workflow.region_lease set expires_at = null;
    perform workflow.note_region_event('region_stopped', m.region, format('%s stands still: %s', m.region, m.stopped_reason), '{"learned": true}')
       from workflow.mesh m;
  end if;
end $$;
