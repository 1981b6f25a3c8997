-- How many of these runs ended at this very time, by outcome: {completed: n, failed: n}; null where none did. The caller holds their locks
-- and read the clock after it got them, so what ended at that time ended by its own call.
create or replace function workflow.count_ended_runs(p_run_ids uuid[], p_now timestamptz)
  returns jsonb
  language plpgsql stable security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_indexscan = off
  set join_collapse_limit = 1
as $$
begin
  return (
    select jsonb_object_agg(e.status, e.runs)
      from (select r.status, count(*) as runs
              from unnest(p_run_ids) a(run_id)
              join workflow.workflow_runs r on r.run_id = a.run_id
             where r.finished_at = p_now
             group by r.status) e);
end $$;
