-- Closes the ticks of which every transaction has ended, and notes how far this region's stream reaches then: all that was stamped with them, or with
-- an earlier one, lies before that position.
-- Leader only (lease failover-monitor). Returns how many it closed. Errors: WF302 lease_lost
create or replace function workflow.close_ticks(p_token bigint)
  returns int
  language plpgsql volatile security definer
  set search_path = ''
as $$
declare
  v_oldest xid8;
  v_closed int;
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  v_oldest := pg_snapshot_xmin(pg_current_snapshot());
  update workflow.stream_ticks t set position = pg_current_wal_insert_lsn() where t.position is null and t.next_xid <= v_oldest;
  get diagnostics v_closed = row_count;
  return v_closed;
end $$;
