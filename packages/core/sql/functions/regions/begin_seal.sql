-- Seals a member for the next epoch (D5): from this commit on it gets no grant from here, and the link from it is disabled. Refused if it was granted
-- anything since the count began. What its apply worker still applies ends with the worker (end_link_worker); then finish_seal.
-- p_reason: for the sentence in failover_events, which a seal that is renewed for another epoch does not get again
-- Locks:   the mesh's row shared, then the member's row of lease_grants, as grant_lease
-- Errors:  WF302 lease_lost; WF605 not_the_next_epoch; WF610 seal_refused; WF601; WF604
create or replace function workflow.begin_seal(p_token bigint, p_member uuid, p_epoch bigint, p_grants_seen bigint, p_reason text default null)
  returns void
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_grant workflow.lease_grants;
  v_own   text := (select m.region from workflow.mesh m);
  v_name  text := coalesce((select m.region from workflow.region_members m where m.member_id = p_member), p_member::text);
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  perform workflow.check_own_call(p_epoch);
  insert into workflow.lease_grants (member_id) values (p_member) on conflict do nothing;
  select * into v_grant from workflow.lease_grants g where g.member_id = p_member for update;
  if v_grant.grants <> p_grants_seen then
    perform workflow.refuse('WF610', format('%s was granted a lease meanwhile', v_name), 'member');
  elsif not exists (select from workflow.region_suspicions s where s.member_id = p_member and not s.granting) then
    perform workflow.refuse('WF610', format('%s is not suspected', v_name), 'member');
  end if;
  if not exists (select from workflow.region_seals s where s.member_id = p_member and s.epoch is not null) then
    perform workflow.note_region_event('member_sealed', v_name,
      format('%s grants %s no lease and takes nothing from it%s', v_own, v_name, ': ' || p_reason),
      jsonb_build_object('without_ms', (extract(epoch from workflow.clock() - v_grant.granted_at) * 1000)::bigint));
  end if;
  insert into workflow.region_seals as s (member_id, epoch, sealed_at) values (p_member, p_epoch, workflow.clock())
    on conflict (member_id) do update set epoch = excluded.epoch, ranks = case when s.epoch = excluded.epoch then s.ranks end;
  perform workflow.switch_link(p_member, false);
end $$;
