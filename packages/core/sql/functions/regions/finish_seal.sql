-- Completes a seal (D5): the link's worker is gone, so what this member has applied of the groups that the sealed one holds is final; their ranks are taken,
-- and from now on the seal counts for its epoch. A member that joins or copies has no ranks.
-- Returns: whether it counts; false: a worker still applies
-- Errors:  WF302 lease_lost; WF605 not_the_next_epoch; WF610 seal_refused; WF601; WF604
create or replace function workflow.finish_seal(p_token bigint, p_member uuid, p_epoch bigint)
  returns boolean
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_state text := (select m.state from workflow.region_members m where m.member_id = workflow.own_member());
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  perform workflow.check_own_call(p_epoch);
  perform from workflow.region_seals s where s.member_id = p_member and s.epoch = p_epoch for update;
  if not found then
    perform workflow.refuse('WF610', format('%s is not sealed for epoch %s',
                                            coalesce((select m.region from workflow.region_members m where m.member_id = p_member), p_member::text), p_epoch), 'member');
  end if;
  if exists (select from pg_catalog.pg_stat_subscription s where s.subname = workflow.subscription_of(p_member) and s.pid is not null) then
    return false;
  end if;
  update workflow.region_seals s
     set ranks = case when v_state in ('joining', 'copying') then '{}' else workflow.rank_groups(p_member) end
   where s.member_id = p_member;
  return true;
end $$;
