-- The tenure and ledger tick to write a tenant's rows with. For calls about one tenant, which have no rest of a batch to go on with.
-- Errors:  WF218 not_home
create or replace function workflow.assert_tenant_home(p_tenant text, out home_epoch bigint, out written_tick bigint)
  language plpgsql security definer
  set search_path = ''
as $$
begin
  select h.home_epoch, h.written_tick into home_epoch, written_tick from workflow.assert_home(array[p_tenant]) h;
  if not found then
    perform workflow.refuse('WF218', format('tenant %s is not at home here now', p_tenant), 'tenant_id');
  end if;
end $$;
