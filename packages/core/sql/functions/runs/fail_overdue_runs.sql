-- Fails open runs whose deadline has passed (code deadline_exceeded). Returns them.
-- Leader only (lease scheduler). Limit: p_limit timers a call; call again while rows come back.
-- Errors:  WF302 lease_lost
create or replace function workflow.fail_overdue_runs(p_token bigint, p_limit int)
  returns table (run_id uuid)
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
  v_now  timestamptz := workflow.clock();
  v_due  uuid[];
  v_home uuid[];
  v_open uuid[];
begin
  perform workflow.assert_lease('scheduler', p_token);
  perform workflow.check_batch(p_limit, 'limit');
  loop
    v_due := workflow.due_timers('deadline', v_now, p_limit);
    exit when cardinality(v_due) = 0;
    v_home := workflow.lock_runs(v_due);
    perform workflow.forget_foreign_timers(v_due);
    v_open := array(select r.run_id from workflow.workflow_runs r where r.run_id = any (v_home) and r.finished_at is null);
    perform workflow.close_runs(array(
      select row(r.run_id, 'failed', jsonb_build_object('code', 'deadline_exceeded', 'message',
               format('the run did not end before its deadline %s', to_char(r.deadline at time zone 'utc', 'YYYY-MM-DD"T"HH24:MI:SS.MS"Z"')))
             )::workflow.run_closing
        from workflow.workflow_runs r where r.run_id = any (v_open)), v_now);
    delete from workflow.run_timers t where t.kind = 'deadline' and t.run_id = any (v_home);
    exit when cardinality(v_open) > 0 or coalesce(cardinality(v_home), 0) = 0;  -- timers of runs that ended in time are only swept away
  end loop;
  return query select o.run_id from unnest(v_open) o(run_id);
end $$;
