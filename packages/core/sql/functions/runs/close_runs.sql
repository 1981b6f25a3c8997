-- Ends runs before their steps did (failed, cancelled): their messages go, and what had not ended is cancelled. Nothing of them is
-- delivered from now on; those who run something of them learn it from their next heartbeat or report.
-- The caller holds the runs' locks; of several closings of one run the first counts.
create or replace function workflow.close_runs(p_closings workflow.run_closing[], p_now timestamptz)
  returns void
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
declare
  v_run_ids uuid[] := array(select distinct c.run_id from unnest(p_closings) c);
  v_tick    bigint := workflow.write_tick();
begin
  perform workflow.withdraw_messages(v_run_ids);

  with closing as (
    select distinct on (c.run_id) r.run_id, c.status, c.error, r.status as former
      from unnest(p_closings) with ordinality as c(run_id, status, error, ordinal)
     cross join lateral (select x.run_id, x.status, x.finished_at from workflow.workflow_runs x where x.run_id = c.run_id limit 1) r
     where r.finished_at is null
     order by c.run_id, c.ordinal
  ), run as (
    update workflow.lawful_runs r
       set status = c.status, error = c.error, revision = r.revision + 1, written_tick = v_tick, paused_at = null, finished_at = p_now
      from closing c
     where r.run_id = c.run_id
  ), step as (
    update workflow.lawful_steps t
       set status = 'cancelled', revision = t.revision + 1, finished_at = p_now
      from closing c
     where t.run_id = c.run_id and t.status in ('created', 'started')
  ), task as (
    update workflow.lawful_tasks t
       set status = 'cancelled', revision = t.revision + 1, finished_at = p_now
      from closing c
     where t.run_id = c.run_id and t.status in ('queued', 'started')
  )
  insert into workflow.open_run_changes (status, change)
  select c.former, -count(*) from closing c group by c.former;
end $$;
