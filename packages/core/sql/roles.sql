-- The roles of an installation. They belong to the whole server, so another database's migration may be making them at this moment.
do $$
declare
  v_role text;
begin
  foreach v_role in array array['workflow_owner', 'workflow_router', 'workflow_scheduler', 'workflow_executor', 'workflow_monitor',
                                'region_peer', 'region_replicator'] loop
    begin
      if not exists (select from pg_catalog.pg_roles where rolname = v_role) then
        execute format('create role %I nologin', v_role);
      end if;
    exception when duplicate_object or unique_violation then
      null;  -- somebody else made it between our look and our try
    end;
  end loop;
  -- Positions of replicas are shown to members only (replication_peers). Where this login may not give that away, they are seen by their slots alone.
  if not pg_has_role('workflow_owner', 'pg_read_all_stats', 'member') then
    begin
      grant pg_read_all_stats to workflow_owner;
    exception when insufficient_privilege or duplicate_object or unique_violation or internal_error then
      null;  -- internal_error: "tuple concurrently updated", somebody else does the same
    end;
  end if;
end $$;
