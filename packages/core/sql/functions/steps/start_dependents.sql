-- Counts down the dependents of steps that ended. A single step that now waits for nobody starts here, with its one task: claimed already
-- where p_taker may have it, else with a message. A map step is handed back (maps), for its size must be read first, and so is a step that was
-- skipped by a cascade and has waited for its other dependencies (ended): only then is it over for those that depend on it. Of a run with durability
-- quorum nothing is handed over: other regions have not confirmed yet what it would build on (R11).
-- The caller holds the runs' locks.
create or replace function workflow.start_dependents(
    p_ended workflow.ended_step[], p_now timestamptz, p_taker workflow.task_taker,
    out messages workflow.outgoing_message[], out maps workflow.step_ref[], out ended workflow.step_ref[],
    out handed workflow.handed_task[])
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_indexscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
begin
  with waiting as (
    select e.run_id, d.step_slug, any_value(e) as ended, count(*)::int as dependencies
      from unnest(p_ended) e
     cross join unnest(e.dependents) d(step_slug)
     group by e.run_id, d.step_slug
  ), counted as (
    update workflow.lawful_steps t
       set remaining_deps  = t.remaining_deps - w.dependencies,
           revision        = t.revision + 1,
           status          = case when t.status = 'created' and t.remaining_deps = w.dependencies and s.kind = 'single' then 'started' else t.status end,
           initial_tasks   = case when t.status = 'created' and t.remaining_deps = w.dependencies and s.kind = 'single' then 1 end,
           remaining_tasks = case when t.status = 'created' and t.remaining_deps = w.dependencies and s.kind = 'single' then 1 end,
           started_at      = case when t.status = 'created' and t.remaining_deps = w.dependencies and s.kind = 'single' then p_now end
      from waiting w
     cross join lateral (select x.kind, x.queue, x.start_delay_ms, x.dependencies, x.gathers_maps, x.timeout_ms from workflow.workflow_steps x
                          where x.definition_id = (w.ended).definition_id and x.step_slug = w.step_slug limit 1) s
     where t.run_id = w.run_id and t.step_slug = w.step_slug and t.status in ('created', 'skipped')
    returning t.run_id, t.step_slug, t.status, t.remaining_deps, w.ended, s.queue, p_now + s.start_delay_ms * interval '1 millisecond' as available_at,
              s.dependencies, s.gathers_maps, s.timeout_ms,
              s.start_delay_ms = 0 and (w.ended).run_status = 'started' and (w.ended).durability = 'local' and (w.ended).priority >= p_taker.lowest_priority
                and s.queue = any (p_taker.queues) and p_taker.runnable_steps ? ((w.ended).workflow || '.' || t.step_slug) as can_be_taken
  ), ready as materialized (
    select c.*, coalesce(c.can_be_taken and row_number() over (partition by c.can_be_taken) <= p_taker.capacity, false) as is_taken,
           former.attempt as former_attempt
      from counted c
      left join lateral (select k.attempt from workflow.step_tasks k where k.run_id = c.run_id and k.step_slug = c.step_slug and k.task_index = 0) former on true
     where c.status = 'started'
  ), task as (
    insert into workflow.lawful_tasks (run_id, step_slug, task_index, residency, home_epoch, written_tick, status, attempt, worker_id, available_at,
                                     created_at, started_at)
    select c.run_id, c.step_slug, 0, (c.ended).residency, (c.ended).home_epoch, (c.ended).written_tick, case when c.is_taken then 'started' else 'queued' end,
           c.is_taken::int, case when c.is_taken then p_taker.worker_id end, c.available_at, p_now, case when c.is_taken then p_now end
      from ready c
     where c.former_attempt is null
  ), former_task as (  -- a retried run meets its former tasks: attempt goes on rising
    update workflow.lawful_tasks k
       set status = case when c.is_taken then 'started' else 'queued' end, attempt = k.attempt + c.is_taken::int, failures = 0,
           available_at = c.available_at, worker_id = case when c.is_taken then p_taker.worker_id end, output = null, error = null,
           started_at = case when c.is_taken then p_now end, finished_at = null, revision = k.revision + 1
      from ready c
     where c.former_attempt is not null and k.run_id = c.run_id and k.step_slug = c.step_slug and k.task_index = 0
  )
  select array_agg(row(workflow.pgmq_name(c.queue, (c.ended).priority), c.run_id, c.step_slug, 0, c.available_at)::workflow.outgoing_message)
           filter (where not c.is_taken),
         (select array_agg(row(c.run_id, c.step_slug)::workflow.step_ref) from counted c where c.status = 'created' and c.remaining_deps = 0),
         (select array_agg(row(c.run_id, c.step_slug)::workflow.step_ref) from counted c where c.status = 'skipped' and c.remaining_deps = 0),
         array_agg(row(c.run_id, c.step_slug, 0, coalesce(c.former_attempt, 0) + 1, c.available_at, (c.ended).workflow, (c.ended).definition_id,
                       (c.ended).tenant_id, (c.ended).deadline, 'single', c.dependencies, c.gathers_maps, c.timeout_ms)::workflow.handed_task)
           filter (where c.is_taken)
    into messages, maps, ended, handed
    from ready c;
end $$;
