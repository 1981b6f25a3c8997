-- Writes down what a peer's database said of itself (its link_report()); null: nothing new, the row is made where it is missing.
-- Leader only (lease failover-monitor, with p_token).
-- Errors:  WF302 lease_lost, WF001 invalid_request (no such member)
create or replace function workflow.note_peer(p_token bigint, p_member uuid, p_report jsonb)
  returns void
  language plpgsql security definer
  set search_path = ''
as $$
begin
  perform workflow.assert_lease('failover-monitor', p_token);
  insert into workflow.mesh_links as l (member_id, region, peer_schema, peer_report)
    select m.member_id, m.region, (p_report ->> 'schema')::int, p_report
      from workflow.region_members m
     where m.member_id = p_member and m.state <> 'gone'
    on conflict (member_id) do update
       set peer_schema = coalesce(excluded.peer_schema, l.peer_schema),
           peer_report = coalesce(excluded.peer_report, l.peer_report);
  if not found then
    perform workflow.refuse('WF001', format('no member %s', p_member), 'member_id');
  end if;
end $$;
