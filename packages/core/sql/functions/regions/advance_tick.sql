-- Ends a tick of this region's ledger and begins the next (R8). Of the tick before it is noted which transaction id comes after all that may have read it:
-- the call that ended it has committed, so whoever got an id since reads a newer one. Call it every second; no clock is involved.
-- Leader only (lease failover-monitor). Returns the tick that begins. Errors: WF302 lease_lost
create or replace function workflow.advance_tick(p_token bigint)
  returns bigint
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  v_tick bigint;
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  insert into workflow.stream_ticks (tick, ended_at, next_xid)
    select c.tick - 1, workflow.clock(), pg_snapshot_xmax(pg_current_snapshot()) from workflow.stream_clock c where c.tick > 0
    on conflict do nothing;
  update workflow.stream_clock set tick = tick + 1 returning tick into v_tick;
  return v_tick;
end $$;
