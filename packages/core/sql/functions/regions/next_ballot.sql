-- A fresh number for a ballot of the next epoch (D2): higher than what this member promised or gave out, and than p_above; unique by the member's place
-- among all. It is promised to itself, durably, before anybody hears of it.
-- Errors:  WF302 lease_lost, WF605 not_the_next_epoch, WF601, WF604
create or replace function workflow.next_ballot(p_token bigint, p_epoch bigint, p_above bigint default 0)
  returns bigint
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_mesh   workflow.mesh;
  v_round  bigint;
  v_place  bigint;
  v_ballot bigint;
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  v_mesh := workflow.check_own_call(p_epoch);
  select count(*) into v_place from workflow.region_members m where m.member_id < workflow.own_member();
  update workflow.ballot_numbers b
     set last_round = greatest(b.last_round, p_above / 1024,
                               coalesce((select x.promised / 1024 from workflow.ballots x where x.epoch = p_epoch), 0)) + 1
  returning b.last_round into v_round;
  v_ballot := v_round * 1024 + v_place;
  insert into workflow.ballots as b (epoch, promised) values (p_epoch, v_ballot)
    on conflict (epoch) do update set promised = excluded.promised where b.promised < excluded.promised;
  return v_ballot;
end $$;
