-- Cancels runs: what is queued is withdrawn, what runs is signalled. Twice is once; a run that ended otherwise is left as it is.
-- Verdicts: cancelled, already, finished (completed or failed before), not_found, not_home. Limit: batch_max runs a call.
-- Errors:   WF002 batch_too_large
create or replace function workflow.cancel_runs(p_run_ids uuid[], p_reason text default null)
  returns table (run_id uuid, verdict text, status text)
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
  v_now    timestamptz;
  v_home   uuid[];
  v_open   uuid[];
begin
  perform workflow.check_batch(cardinality(p_run_ids), 'run_ids');
  v_home := workflow.lock_runs(p_run_ids);
  v_now := workflow.clock();
  v_open := array(select r.run_id from workflow.workflow_runs r where r.run_id = any (v_home) and r.finished_at is null);

  perform workflow.close_runs(array(
    select row(o.run_id, 'cancelled', case when p_reason is not null
                 then jsonb_build_object('code', 'cancelled', 'message', left(p_reason, 2000)) end)::workflow.run_closing
      from unnest(v_open) o(run_id)), v_now);

  return query
    select a.run_id,
           case when r.run_id is null then 'not_found'
                when a.run_id <> all (v_home) then 'not_home'
                when a.run_id = any (v_open) then 'cancelled'
                when r.status = 'cancelled' then 'already'
                else 'finished' end,
           r.status
      from (select distinct u.run_id from unnest(p_run_ids) u(run_id)) a
      left join workflow.workflow_runs r on r.run_id = a.run_id;
end $$;
