-- Deletes the messages of whole steps (a skipped map step's other tasks), found by the run and step that they name.
-- The caller holds the runs' locks.
create or replace function workflow.withdraw_step_messages(p_steps workflow.step_ref[])
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
  v_queue text;
begin
  delete from workflow.held_messages h using unnest(p_steps) e where h.run_id = e.run_id and h.step_slug = e.step_slug;
  for v_queue in
    select distinct workflow.pgmq_name(s.queue, r.priority)
      from unnest(p_steps) e
      join workflow.workflow_runs r on r.run_id = e.run_id
     cross join lateral (select x.* from workflow.workflow_steps x where x.definition_id = r.definition_id and x.step_slug = e.step_slug limit 1) s
  loop
    execute format(
      'delete from pgmq.%I q using unnest($1) e
        where q.message ->> ''run_id'' = e.run_id::text and q.message ->> ''step_slug'' = e.step_slug', 'q_' || v_queue)
      using p_steps;
  end loop;
end $$;
