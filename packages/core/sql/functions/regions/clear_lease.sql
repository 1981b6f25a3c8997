-- Ends this region's lease: its monitor's monotonic clock says that it is over, in case the database's clock stepped back (D3). A lease for ever stays.
-- p_reason: why it was not won again, for the sentence in failover_events
-- Errors:  WF302 lease_lost
create or replace function workflow.clear_lease(p_token bigint, p_reason text default 'it has run out')
  returns void
  language plpgsql security definer
  set search_path = ''
as $$
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  if exists (select from workflow.region_lease l where l.expires_at < 'infinity') then
    perform workflow.note_lease_lost(p_reason);
    update workflow.region_lease set expires_at = null;
  end if;
end $$;
