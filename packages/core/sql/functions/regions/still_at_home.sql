-- Of tenants that were written under these tenures, those that are at home here still, under a live lease and not stopped for a move: asked once more
-- before anything is acknowledged on the strength of a quorum (R6). Confirmations of rows that everybody has dropped reach a region after it was
-- deposed, too. The lease is looked at first: whoever has the tenure afterwards had it while the lease was live.
create or replace function workflow.still_at_home(p_tenants text[], p_tenures bigint[])
  returns table (tenant_id text, tenure bigint)
  language plpgsql volatile security definer
  set search_path = ''
as $$
#variable_conflict use_column
begin
  if workflow.lease_left_ms() is null then
    return;
  end if;
  return query
    select distinct w.tenant_id, w.tenure
      from unnest(p_tenants, p_tenures) w(tenant_id, tenure)
      join workflow.home_of(p_tenants) h on h.tenant_id = w.tenant_id and h.tenure = w.tenure
     where h.member_id = workflow.own_member()
       and not exists (select from workflow.group_moves m where m.placement_group = h.placement_group and m.mark = 'stopped');
end $$;
