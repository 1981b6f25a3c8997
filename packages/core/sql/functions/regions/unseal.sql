-- Enables the link from a member: one that was just made, or one that a seal disabled and no seal keeps any more. Where an epoch took groups from the member,
-- its own database must have answered that it knows that epoch (D8), or it could acknowledge what everybody drops. Durable: a worker that is started again
-- confirms at once what it applied before.
-- p_known_epoch: the last epoch that the member's own database knows, by its own answer
-- Returns: whether the link is enabled now; false: it stays sealed
-- Errors:  WF302 lease_lost; WF601 no_mesh; WF604 member_stopped
create or replace function workflow.unseal(p_token bigint, p_member uuid, p_known_epoch bigint default 0)
  returns boolean
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_seal workflow.region_seals;
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  perform workflow.check_own_call();
  if not exists (select from workflow.region_members m where m.member_id = p_member and m.state <> 'gone') then
    return false;
  end if;
  select * into v_seal from workflow.region_seals s where s.member_id = p_member for update;
  if v_seal.epoch is not null or v_seal.deposed_epoch > p_known_epoch then
    return false;
  end if;
  delete from workflow.region_seals s where s.member_id = p_member;
  if found then
    perform workflow.note_region_event('member_unsealed', m.region,
      format('%s takes what %s writes again: %s', h.region, m.region,
             coalesce('it knows epoch ' || v_seal.deposed_epoch || ', which deposed it', 'it is left in place')))
       from workflow.region_members m, workflow.mesh h where m.member_id = p_member;
  end if;
  perform workflow.switch_link(p_member, true);
  return true;
end $$;
