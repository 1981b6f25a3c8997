-- Drops a publication of the mesh: its destination is no member any more. None there: nothing.
-- Waits at most a second for any lock (55P03 then; the next look tries again): the row of the monitor's lease is held meanwhile.
-- Leader only (lease failover-monitor, with p_token).
-- Errors:  WF302 lease_lost
create or replace function workflow.unpublish(p_token bigint, p_publication text)
  returns void
  language plpgsql security definer
  set search_path = '' set lock_timeout = '1s'
as $$
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  if p_publication not like 'pub\_to\_%' or exists (
       select from workflow.region_members m where m.state <> 'gone' and workflow.publication_to(m.member_id) = p_publication) then
    perform workflow.refuse('WF001', format('%s is not the publication to a former member', p_publication), 'publication');
  end if;
  execute format('drop publication if exists %I', p_publication);
end $$;
