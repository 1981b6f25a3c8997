-- Stops claims while fewer than k = floor(N/2) of the N members that vote have confirmed all but p_max_lag_bytes of what this region wrote (R16), so that
-- what a takeover could lose, and how long it takes, stay bounded. Stopped, they go on when so many have confirmed all but half of it: at a steady overload
-- they would stop and go on each second. One peer that is behind or dead is an alarm, not a brake. Counted are those whose
-- confirmation counts for a quorum (R6): full members, their link whole, their slot sound.
-- Leader only (lease failover-monitor); call it every second. Returns why claims are stopped, as a sentence; null: they are not.
-- Errors:  WF302 lease_lost
create or replace function workflow.throttle_claims(p_token bigint, p_max_lag_bytes bigint)
  returns text
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  v_needed int := (select count(*) / 2 from workflow.region_members m where m.state in ('full', 'retiring', 'copying'));
  v_near   int;
  v_bytes  bigint := case when exists (select from workflow.claim_throttle) then p_max_lag_bytes / 2 else p_max_lag_bytes end;
  v_reason text;
  v_former text;
  v_since_ms bigint;
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  if v_needed > 0 and exists (select from workflow.mesh) then
    select count(*) into v_near
      from workflow.peer_slots() s where s.state = 'full' and s.healthy and s.whole and s.lag_bytes <= v_bytes;
    if v_near < v_needed then
      v_reason := format('claims are stopped: %s of the regions that would confirm are within %s bytes, %s must be', v_near, v_bytes, v_needed);
    end if;
  end if;
  if v_reason is null then
    delete from workflow.claim_throttle t returning t.reason, (extract(epoch from workflow.clock() - t.since) * 1000)::bigint into v_former, v_since_ms;
    if found then
      perform workflow.note_region_event('claims_go_on', m.region, format('claims go on (%s)', v_former), jsonb_build_object('without_ms', v_since_ms))
         from workflow.mesh m;
    end if;
  else
    if not exists (select from workflow.claim_throttle) then
      perform workflow.note_region_event('claims_stopped', m.region, v_reason) from workflow.mesh m;
    end if;
    insert into workflow.claim_throttle as t (reason, since) values (v_reason, workflow.clock())
    on conflict (singleton) do update set reason = excluded.reason where t.reason <> excluded.reason;
  end if;
  return v_reason;
end $$;
