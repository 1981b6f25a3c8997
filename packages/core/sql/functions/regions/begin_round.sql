-- Begins a round of grants (D3): its number, this database's clock and its server, durably here before the first call. The lease counts from this clock.
-- Limits:  p_lease_ms from 200 ms to 10 minutes
-- Errors:  WF302 lease_lost; WF601 no_mesh; WF604 member_stopped; WF001
-- Returns: {"mesh_id", "member_id", "region", "epoch": the one that grants are asked for, "round", "lease_live", "schema_version"}
create or replace function workflow.begin_round(p_token bigint, p_lease_ms int)
  returns jsonb
  language plpgsql security definer
  set search_path = ''
as $$
declare
  v_mesh  workflow.mesh;
  v_lease workflow.region_lease;
begin
  if p_lease_ms is null or p_lease_ms not between 200 and 600000 then
    perform workflow.refuse('WF001', format('a region''s lease lasts from 200 ms to 600000 ms, not %s', p_lease_ms), 'lease_ms');
  end if;
  perform workflow.assert_lease('failover-monitor', p_token);
  v_mesh := workflow.check_own_call();
  update workflow.region_lease l
     set round                = l.round + 1,
         round_epoch          = v_mesh.last_epoch,
         round_began_at       = workflow.clock(),
         round_server_started = pg_catalog.pg_postmaster_start_time(),
         lease_ms             = p_lease_ms
  returning * into v_lease;
  return jsonb_build_object(
    'mesh_id', v_mesh.mesh_id, 'member_id', workflow.own_member(), 'region', v_mesh.region, 'epoch', v_mesh.last_epoch + 1, 'round', v_lease.round,
    'lease_live', workflow.lease_left_ms() is not null, 'schema_version', (select max(s.version) from workflow.schema_migrations s));
end $$;
