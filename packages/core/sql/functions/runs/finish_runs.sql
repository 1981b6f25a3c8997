-- Counts ended steps off their runs; a run without steps left is completed with {leaf: output} of the leaves that completed ({} where
-- none did). Returns the runs whose gathered output is over the bound: the caller closes them. The caller holds the runs' locks.
create or replace function workflow.finish_runs(p_ended workflow.step_ref[], p_now timestamptz)
  returns workflow.run_closing[]
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
declare
  v_max    bigint := workflow.limit_of('gathered_bytes_max');
  v_failed workflow.run_closing[];
begin
  with ended as (
    select e.run_id, count(e.step_slug)::int as steps from unnest(p_ended) e group by e.run_id
  ), counted as materialized (
    select r.run_id, r.status, r.remaining_steps - e.steps as remaining_steps, o.bytes, o.output
      from ended e
      join workflow.workflow_runs r on r.run_id = e.run_id
      left join lateral (
        select coalesce(sum(t.output_bytes), 0) as bytes,
               case when coalesce(sum(t.output_bytes), 0) <= v_max
                    then coalesce(jsonb_object_agg(t.step_slug, case s.kind when 'single' then k.output else workflow.map_output(r.run_id, s.step_slug) end),
                                  '{}') end as output
          from workflow.workflow_steps s
          join workflow.step_states t on t.run_id = r.run_id and t.step_slug = s.step_slug and t.status = 'completed'
          left join workflow.step_tasks k on s.kind = 'single' and k.run_id = r.run_id and k.step_slug = s.step_slug and k.task_index = 0
         where s.definition_id = r.definition_id and s.dependents = '{}'
      ) o on r.remaining_steps = e.steps
  ), written as (
    update workflow.workflow_runs r
       set remaining_steps = c.remaining_steps,
           revision    = r.revision + 1,
           status      = case when c.output is not null then 'completed' else r.status end,
           output      = c.output,
           paused_at   = case when c.output is null then r.paused_at end,
           finished_at = case when c.output is not null then p_now end
      from counted c
     where r.run_id = c.run_id
  ), tally as (
    insert into workflow.open_run_changes (status, change)
    select c.status, -count(*) from counted c where c.output is not null group by c.status
  )
  select array_agg(row(c.run_id, 'failed', jsonb_build_object('code', 'output_too_large', 'message',
           format('the run''s output has %s bytes; at most %s are allowed', c.bytes, v_max)))::workflow.run_closing)
           filter (where c.bytes > v_max)
    into v_failed
    from counted c;
  return v_failed;
end $$;
