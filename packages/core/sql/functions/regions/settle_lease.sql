-- Ends a round of grants (D3): with grants of a majority the lease is good from the clock that begin_round read. Every member that answered, whatever it
-- answered, was reached. A member that has seen a higher number than this database gave out shows that the past was lost here (a restored backup): promises
-- too, so this member stands still from now on.
-- p_answers: [{"member_id", "granted", "last_round"}], of members that answered
-- Returns:   {"won", "left_ms": of the lease that the region has now, null without one, "reason": why not won}
-- Errors:    WF302 lease_lost; WF601 no_mesh; WF604 member_stopped
create or replace function workflow.settle_lease(p_token bigint, p_round bigint, p_answers jsonb)
  returns jsonb
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_mesh   workflow.mesh;
  v_lease  workflow.region_lease;
  v_grants int;
  v_reason text;
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  v_mesh := workflow.check_own_call();
  insert into workflow.lease_grants as g (member_id, reached_at)
    select m.member_id, workflow.clock()
      from workflow.region_members m
     where m.state <> 'gone' and m.member_id in (select (a ->> 'member_id')::uuid from jsonb_array_elements(p_answers) a)
     order by m.member_id
    on conflict (member_id) do update set reached_at = excluded.reached_at;
  select count(distinct m.member_id) into v_grants
    from jsonb_array_elements(p_answers) a
    join workflow.region_members m on m.member_id = (a ->> 'member_id')::uuid and m.state in ('full', 'retiring', 'copying')
   where (a ->> 'granted')::boolean;
  select * into v_lease from workflow.region_lease for update;

  if (select max((a ->> 'last_round')::bigint) from jsonb_array_elements(p_answers) a) > v_lease.round then
    v_reason := 'another member has seen a later round than this database began: it has lost its past, a restored backup perhaps';
    update workflow.mesh set stopped_reason = v_reason;
    update workflow.region_lease set expires_at = null;
    perform workflow.note_region_event('region_stopped', v_mesh.region, format('%s stands still: %s', v_mesh.region, v_reason));
  elsif v_lease.round <> p_round or v_lease.round_server_started is distinct from pg_catalog.pg_postmaster_start_time() then
    v_reason := 'another round has begun, or the server was started since';
  elsif v_grants < workflow.majority_of_members() then
    v_reason := format('%s grants are no majority', v_grants);
  else
    perform workflow.note_lease_won();
    update workflow.region_lease l
       set expires_at        = case when (select count(*) from workflow.region_members m where m.state in ('full', 'retiring', 'copying')) = 1
                                    then 'infinity' else l.round_began_at + make_interval(secs => l.lease_ms / 1000.0) end,
           server_started_at = l.round_server_started,
           epoch             = l.round_epoch,
           lost_at           = null;
  end if;
  if v_reason is not null and workflow.lease_left_ms() is null then
    perform workflow.note_lease_lost(v_reason);
  end if;
  return jsonb_build_object('won', v_reason is null, 'left_ms', workflow.lease_left_ms(), 'reason', v_reason);
end $$;
