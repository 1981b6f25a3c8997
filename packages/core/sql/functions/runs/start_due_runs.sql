-- Starts scheduled runs whose time has come, oldest first.
-- Leader only (lease scheduler). Limit: p_limit runs a call; call again while it is reached. The queues that got work stand in every row.
-- Errors:  WF302 lease_lost
create or replace function workflow.start_due_runs(p_token bigint, p_limit int)
  returns table (run_id uuid, queues text[])
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
  v_due    uuid[];
  v_home   uuid[];
  v_begun  uuid[];
  v_queues text[];
begin
  perform workflow.assert_lease('scheduler', p_token);
  perform workflow.check_batch(p_limit, 'limit');
  v_due := workflow.due_timers('start', v_now, p_limit);
  if cardinality(v_due) = 0 then
    return;
  end if;
  v_home := workflow.lock_runs(v_due);
  perform workflow.forget_foreign_timers(v_due);

  with begun as (
    update workflow.lawful_runs r
       set status = 'started', started_at = v_now, revision = r.revision + 1
     where r.run_id = any (v_home) and r.status = 'scheduled'
    returning r.run_id
  )
  select coalesce(array_agg(b.run_id), '{}') into v_begun from begun b;
  insert into workflow.open_run_changes (status, change)
    select c.status, c.change from (values ('scheduled', -cardinality(v_begun)), ('started', cardinality(v_begun))) c(status, change)
     where c.change <> 0;
  v_queues := workflow.begin_runs(v_begun, v_now);
  delete from workflow.run_timers t where t.kind = 'start' and t.run_id = any (v_home);
  return query select b.run_id, v_queues from unnest(v_begun) b(run_id);
end $$;
