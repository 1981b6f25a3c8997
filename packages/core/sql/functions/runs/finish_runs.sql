-- Counts ended leaves off their runs; a run without leaves left is completed with {leaf: output} of the leaves that completed ({} where
-- none did). The caller holds the runs' locks. failed: the runs whose gathered output is over the bound, for the caller to close.
create or replace function workflow.finish_runs(
    p_ended workflow.ended_step[], p_now timestamptz, out completed int, out failed workflow.run_closing[])
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
declare
  v_tick     bigint := workflow.write_tick();
  v_max      bigint;
  v_sole     boolean;
  v_leaves   boolean;
  v_gathered int;
begin
  completed := 0;
  select bool_or(e.sole_output is not null), bool_or(e.sole_output is null) into v_sole, v_leaves from unnest(p_ended) e where e.dependents = '{}';
  if v_sole then
    with run as (
      update workflow.lawful_runs r
         set remaining_leaves = 0, revision = r.revision + 1, written_tick = v_tick, status = 'completed', output = e.sole_output, paused_at = null, finished_at = p_now
        from unnest(p_ended) e
       where e.sole_output is not null and r.run_id = e.run_id
      returning e.run_status
    ), tally as (
      insert into workflow.open_run_changes (status, change) select r.run_status, -count(*) from run r group by r.run_status
    )
    select count(*) into completed from run;
  end if;
  if v_leaves then
    v_max := workflow.limit_of('gathered_bytes_max');
    with ended as (
      select e.run_id, count(e.step_slug)::int as leaves from unnest(p_ended) e where e.dependents = '{}' and e.sole_output is null group by e.run_id
    ), counted as materialized (
      select r.run_id, r.status, r.remaining_leaves - e.leaves as remaining_leaves, o.bytes, o.output
        from ended e
        join workflow.workflow_runs r on r.run_id = e.run_id
        left join lateral (
          select coalesce(sum(t.output_bytes), 0) as bytes,
                 case when coalesce(sum(t.output_bytes), 0) <= v_max
                      then coalesce(jsonb_object_agg(t.step_slug, case s.kind when 'single' then k.output else workflow.map_output(r.run_id, s.step_slug) end),
                                    '{}') end as output
            from workflow.workflow_steps s
           cross join lateral (select x.* from workflow.step_states x
                                where x.run_id = r.run_id and x.step_slug = s.step_slug and x.status = 'completed' limit 1) t
            left join lateral (select x.output from workflow.step_tasks x
                                where s.kind = 'single' and x.run_id = r.run_id and x.step_slug = s.step_slug and x.task_index = 0 limit 1) k on true
           where s.definition_id = r.definition_id and s.dependents = '{}'
        ) o on r.remaining_leaves = e.leaves
    ), written as (
      update workflow.lawful_runs r
         set remaining_leaves = c.remaining_leaves,
             revision         = r.revision + 1,
             written_tick     = v_tick,
             status           = case when c.output is not null then 'completed' else r.status end,
             output           = c.output,
             paused_at        = case when c.output is null then r.paused_at end,
             finished_at      = case when c.output is not null then p_now end
        from counted c
       where r.run_id = c.run_id
    ), tally as (
      insert into workflow.open_run_changes (status, change)
      select c.status, -count(*) from counted c where c.output is not null group by c.status
    )
    select count(*) filter (where c.output is not null),
           array_agg(row(c.run_id, 'failed', jsonb_build_object('code', 'output_too_large', 'message',
             format('the run''s output has %s bytes; at most %s are allowed', c.bytes, v_max)))::workflow.run_closing) filter (where c.bytes > v_max)
      into v_gathered, failed
      from counted c;
    completed := completed + v_gathered;
  end if;
end $$;
