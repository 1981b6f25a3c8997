-- Which of these tenants may be written here now, and with which tenure and ledger tick. Every function that writes rows of runs or
-- schedules begins with this call (prune_runs does not: each region prunes its own copies).
-- One region: all of them, under tenure 1, always. Several regions: lease, home, marker and mark are checked here and nowhere else
-- (multi-region design, D3). The caller goes on with those that are returned; elements of the others get the verdict not_home.
create or replace function workflow.assert_home(p_tenants text[])
  returns table (tenant_id text, home_epoch bigint, written_tick bigint)
  language plpgsql volatile security definer rows 1000
  set search_path = ''
as $$
begin
  return query select distinct t.tenant_id, 1::bigint, 0::bigint from unnest(p_tenants) as t(tenant_id);
end $$;
