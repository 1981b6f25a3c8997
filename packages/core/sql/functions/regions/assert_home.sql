-- Which of these tenants may be written here now, and with which tenure and ledger tick. Every function that writes rows of runs or
-- schedules begins with this call (prune_runs does not: each region prunes its own copies).
-- One region: all of them, under tenure 1, always. Several regions: lease (share_home), home, marker and mark (tenure_at_home) are checked here and, for
-- what is there already, by all_at_home, which asks the same two (multi-region design, D3). The caller goes on with those that are returned; elements of the others get the verdict not_home. A row of an older
-- tenure than the one that is returned is not written: its run is adopted first (R1).
-- p_new_work: for who begins something (a run, an attempt): not while the tenant's group drains for a move either (R10).
-- A lone region pays for one look at an empty table; therefore no settings here, each costs more than that (groups_at_home has them).
-- Locks:   the homes of all groups, shared, to the end of the transaction (share_home)
-- Errors:  WF620 unsafe_session
create or replace function workflow.assert_home(p_tenants text[], p_new_work boolean default false)
  returns table (tenant_id text, home_epoch bigint, written_tick bigint)
  language plpgsql volatile security definer rows 1000
  set search_path = ''
as $$
declare
  v_tick bigint;
begin
  if not exists (select from workflow.mesh) then
    return query select distinct t.tenant_id, 1::bigint, 0::bigint from unnest(p_tenants) as t(tenant_id);
    return;
  end if;
  v_tick := workflow.share_home();
  if v_tick is not null then  -- a live lease
    return query select h.tenant_id, h.home_epoch, h.written_tick from workflow.groups_at_home(p_tenants, p_new_work, v_tick) h;
  end if;
end $$;
