-- Of these runs those with durability quorum: what other regions must confirm, by a position that is read after the caller's commit, before anything
-- about them is acknowledged (R11). {run id: {tenant_id, tenure, zone}}; null: none of them.
-- tenure: null where this region may not vouch for the run as it stands here: it is not at home here, or its row came late and is to be adopted first.
create or replace function workflow.unconfirmed_runs(p_run_ids uuid[])
  returns jsonb
  language plpgsql volatile security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
as $$
declare
  v_runs    uuid[];
  v_tenants text[];
begin
  select array_agg(r.run_id), array_agg(distinct r.tenant_id) into v_runs, v_tenants
    from workflow.workflow_runs r where r.run_id = any (p_run_ids) and r.durability = 'quorum';
  if v_runs is null then
    return null;
  end if;
  return (
    select jsonb_object_agg(r.run_id, jsonb_build_object('tenant_id', r.tenant_id, 'zone', coalesce(t.residency, 'global'), 'tenure', h.home_epoch))
      from workflow.workflow_runs r
      left join workflow.tenant_registry t on t.tenant_id = r.tenant_id
      left join workflow.groups_at_home(v_tenants, false, 0) h
        on h.tenant_id = r.tenant_id and not exists (select from workflow.adoption_work w where w.run_id = r.run_id)
     where r.run_id = any (v_runs));
end $$;
