-- Erases finished runs with all that belongs to them, and records each deletion, for a deletion travels to other regions as a row.
-- Verdicts: deleted, not_finished, not_found, not_home. Limit: batch_max runs a call. Errors: WF002 batch_too_large
create or replace function workflow.delete_runs(p_run_ids uuid[])
  returns table (run_id uuid, verdict text)
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
#variable_conflict use_column
declare
  v_now    timestamptz := workflow.clock();
  v_home   uuid[];
  v_known  uuid[];
  v_erased uuid[];
  v_tick   bigint := workflow.write_tick();
begin
  perform workflow.check_batch(cardinality(p_run_ids), 'run_ids');
  v_home   := workflow.lock_runs(p_run_ids);
  v_known  := array(select r.run_id from workflow.workflow_runs r where r.run_id = any (p_run_ids));
  v_erased := array(select r.run_id from workflow.workflow_runs r where r.run_id = any (v_home) and r.finished_at is not null);

  insert into workflow.run_deletions
    (run_id, residency, home_epoch, written_tick, deleted_at, tenant_id, placement_group, workflow, idempotency_key)
    select r.run_id, r.residency, r.home_epoch, v_tick, v_now, r.tenant_id, r.placement_group, r.workflow, r.idempotency_key
      from workflow.workflow_runs r where r.run_id = any (v_erased)
    on conflict do nothing;
  perform workflow.erase_runs(v_erased);

  return query
    select a.run_id,
           case when a.run_id = any (v_erased) then 'deleted'
                when a.run_id = any (v_home) then 'not_finished'
                when a.run_id = any (v_known) then 'not_home'
                else 'not_found' end
      from (select distinct u.run_id from unnest(p_run_ids) u(run_id)) a;
end $$;
