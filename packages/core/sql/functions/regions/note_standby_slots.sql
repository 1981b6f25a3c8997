-- Tells that the monitor has set synchronized_standby_slots (R17): PostgreSQL changes settings in no function, so the monitor does it itself, and says so when the
-- setting counts.
-- p_former, p_slots: its value before, and now
-- Leader only (lease failover-monitor, with p_token).
-- Errors:  WF302 lease_lost
create or replace function workflow.note_standby_slots(p_token bigint, p_former text, p_slots text, p_reason text)
  returns void
  language plpgsql security definer
  set search_path = ''
as $$
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  perform workflow.note_region_event('standby_slots_set', m.region, p_reason, jsonb_build_object('former', p_former, 'successor', p_slots))
     from workflow.mesh m;
end $$;
