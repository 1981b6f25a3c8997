-- The roles of an installation. They belong to the whole server, so another database's migration may be making them at this moment.
do $$
declare
  v_role text;
begin
  foreach v_role in array array['workflow_owner', 'workflow_router', 'workflow_scheduler', 'workflow_executor', 'workflow_monitor'] loop
    begin
      if not exists (select from pg_catalog.pg_roles where rolname = v_role) then
        execute format('create role %I nologin', v_role);
      end if;
    exception when duplicate_object or unique_violation then
      null;  -- somebody else made it between our look and our try
    end;
  end loop;
end $$;
