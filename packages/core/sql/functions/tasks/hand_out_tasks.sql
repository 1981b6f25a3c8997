-- Gives the tasks of taken messages to a worker and returns them with their inputs. A message whose task is not queued, or whose run is not
-- started, is left over from something that ended: it is deleted.
-- Tasks are locked in key order, like everywhere, so that two claims with a message too many cannot deadlock.
create or replace function workflow.hand_out_tasks(p_worker uuid, p_messages workflow.message_ref[], p_now timestamptz)
  returns table (run_id uuid, step_slug text, task_index int, attempt int, message_id bigint, queue text, workflow text, definition_id uuid,
                 tenant_id text, kind text, input jsonb, run_input jsonb, timeout_ms bigint, deadline timestamptz, wait_ms bigint)
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
  v_claimed workflow.claimed_task[];
begin
  with claimed as (
    update workflow.step_tasks t
       set status = 'started', attempt = t.attempt + 1, worker_id = p_worker, started_at = p_now, revision = t.revision + 1
      from (select m.* from unnest(p_messages) m order by m.run_id, m.step_slug, m.task_index) m
      join workflow.workflow_runs r on r.run_id = m.run_id and r.status = 'started'
     where t.run_id = m.run_id and t.step_slug = m.step_slug and t.task_index = m.task_index and t.status = 'queued'
    returning t.run_id, t.step_slug, t.task_index, t.attempt, m.message_id, m.queue, r.definition_id, t.available_at
  )
  select coalesce(array_agg(row(c.*)::workflow.claimed_task), '{}') into v_claimed from claimed c;

  if cardinality(v_claimed) < cardinality(p_messages) then
    perform workflow.delete_messages(array(
      select m from unnest(p_messages) m where m.message_id not in (select c.message_id from unnest(v_claimed) c where c.queue = m.queue)));
  end if;

  return query
    with task as (
      select c.*, s.kind as step_kind, s.dependencies, s.timeout_ms from unnest(v_claimed) c
        join workflow.workflow_steps s on s.definition_id = c.definition_id and s.step_slug = c.step_slug
    ), ready as (
      select t.run_id, t.step_slug, t.task_index, t.attempt, t.message_id, t.queue, t.available_at, t.timeout_ms,
             case when t.dependencies = '{}' then 'root' else 'step' end as kind, gathered.input, true as with_run_input
        from task t
        left join lateral (
          select coalesce(jsonb_object_agg(d.slug, case b.kind when 'single' then k.output else workflow.map_output(t.run_id, d.slug) end), '{}') as input
            from unnest(t.dependencies) d(slug)
            join workflow.workflow_steps b on b.definition_id = t.definition_id and b.step_slug = d.slug
            join workflow.step_states s on s.run_id = t.run_id and s.step_slug = d.slug and s.status = 'completed'
            left join workflow.step_tasks k on b.kind = 'single' and k.run_id = t.run_id and k.step_slug = d.slug and k.task_index = 0
        ) gathered on t.dependencies <> '{}'
       where t.step_kind = 'single'
      union all
      select m.run_id, m.step_slug, m.indexes[e.ordinal], m.attempts[e.ordinal], m.message_ids[e.ordinal], m.queue, m.available[e.ordinal],
             m.timeout_ms, 'map', e.element, e.ordinal = 1
        from (select t.run_id, t.definition_id, t.step_slug, t.queue, t.timeout_ms, array_agg(t.task_index) as indexes,
                     array_agg(t.attempt) as attempts, array_agg(t.message_id) as message_ids, array_agg(t.available_at) as available
                from task t
               where t.step_kind = 'map'
               group by t.run_id, t.definition_id, t.step_slug, t.queue, t.timeout_ms) m
       cross join lateral workflow.map_elements(m.run_id, m.definition_id, m.step_slug, m.indexes) e
    )
    select t.run_id, t.step_slug, t.task_index, t.attempt, t.message_id, t.queue, r.workflow, r.definition_id, r.tenant_id, t.kind, t.input,
           case when t.with_run_input then r.input end, t.timeout_ms, r.deadline, (extract(epoch from p_now - t.available_at) * 1000)::bigint
      from ready t
      join workflow.workflow_runs r on r.run_id = t.run_id;
end $$;
