-- Ends this region's lease: its monitor's monotonic clock says that it is over, in case the database's clock stepped back (D3). A lease for ever stays.
-- Errors:  WF302 lease_lost
create or replace function workflow.clear_lease(p_token bigint)
  returns void
  language plpgsql security definer
  set search_path = ''
as $$
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  update workflow.region_lease set expires_at = null where expires_at < 'infinity';
end $$;
