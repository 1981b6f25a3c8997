-- All that the handlers of these tasks need: kind root (the input is run_input), step (input: {dependency: output}) or map (input: the
-- element); wait_ms: how long the task could have been claimed before. Of the tasks of one map only the first carries run_input: it is the
-- same for all, and may be large.
create or replace function workflow.describe_tasks(p_tasks workflow.handed_task[], p_now timestamptz)
  returns table (run_id uuid, step_slug text, task_index int, attempt int, workflow text, definition_id uuid, tenant_id text, kind text,
                 input jsonb, run_input jsonb, timeout_ms bigint, deadline timestamptz, wait_ms bigint)
  language plpgsql stable security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
#variable_conflict use_column
begin
  return query
    select t.run_id, t.step_slug, t.task_index, t.attempt, t.workflow, t.definition_id, t.tenant_id,
           case when t.dependencies = '{}' then 'root' else 'step' end, 
           case when t.dependencies = '{}' then null when t.gathers_maps then gathered.of_steps else outputs.of_tasks end, r.input, t.timeout_ms,
           t.deadline, (extract(epoch from p_now - t.available_at) * 1000)::bigint
      from unnest(p_tasks) t
      join workflow.workflow_runs r on r.run_id = t.run_id
     cross join lateral (  -- a single step's one task is completed if and only if the step is
        select coalesce(jsonb_object_agg(d.slug, k.output), '{}') as of_tasks
          from unnest(t.dependencies) d(slug)
         cross join lateral (select x.output from workflow.step_tasks x
                              where x.run_id = t.run_id and x.step_slug = d.slug and x.task_index = 0 and x.status = 'completed' limit 1) k
         where not t.gathers_maps
      ) outputs
     cross join lateral (
        select coalesce(jsonb_object_agg(d.slug, workflow.step_output(t.run_id, t.definition_id, d.slug)), '{}') as of_steps
          from unnest(t.dependencies) d(slug)
         cross join lateral (select from workflow.step_states x
                              where x.run_id = t.run_id and x.step_slug = d.slug and x.status = 'completed' limit 1) s
         where t.gathers_maps
      ) gathered
     where t.kind = 'single';
  if exists (select from unnest(p_tasks) t where t.kind = 'map') then
    return query
      select m.run_id, m.step_slug, m.indexes[e.ordinal], m.attempts[e.ordinal], m.workflow, m.definition_id, m.tenant_id, 'map', e.element,
             case when e.ordinal = 1 then (select r.input from workflow.workflow_runs r where r.run_id = m.run_id) end, m.timeout_ms, m.deadline,
             (extract(epoch from p_now - m.available[e.ordinal]) * 1000)::bigint
        from (select t.run_id, t.step_slug, t.workflow, t.definition_id, t.tenant_id, t.timeout_ms, t.deadline, array_agg(t.task_index) as indexes,
                     array_agg(t.attempt) as attempts, array_agg(t.available_at) as available
                from unnest(p_tasks) t
               where t.kind = 'map'
               group by t.run_id, t.step_slug, t.workflow, t.definition_id, t.tenant_id, t.timeout_ms, t.deadline) m
       cross join lateral workflow.map_elements(m.run_id, m.definition_id, m.step_slug, m.indexes) e;
  end if;
end $$;
