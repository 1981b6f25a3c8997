-- Counts down the dependents of steps that ended. A single step that now waits for nobody starts here, with its one task; a map step is
-- handed back, for its size must be read first. The caller holds the runs' locks.
create or replace function workflow.start_dependents(
    p_ended workflow.step_ref[], p_now timestamptz, out messages workflow.outgoing_message[], out maps workflow.step_ref[])
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
begin
  with waiting as (
    select r.run_id, d.step_slug, s.kind, workflow.pgmq_name(s.queue, r.priority) as queue,
           p_now + s.start_delay_ms * interval '1 millisecond' as available_at, r.home_epoch, r.written_tick, r.residency, count(*)::int as ended
      from unnest(p_ended) e
      join workflow.workflow_runs r on r.run_id = e.run_id
      join workflow.workflow_steps b on b.definition_id = r.definition_id and b.step_slug = e.step_slug
     cross join unnest(b.dependents) d(step_slug)
      join workflow.workflow_steps s on s.definition_id = r.definition_id and s.step_slug = d.step_slug
     group by r.run_id, r.residency, d.step_slug, s.kind, s.queue, r.priority, s.start_delay_ms, r.home_epoch, r.written_tick
  ), counted as (
    update workflow.step_states t
       set remaining_deps  = t.remaining_deps - w.ended,
           revision        = t.revision + 1,
           status          = case when t.remaining_deps = w.ended and w.kind = 'single' then 'started' else t.status end,
           initial_tasks   = case when t.remaining_deps = w.ended and w.kind = 'single' then 1 end,
           remaining_tasks = case when t.remaining_deps = w.ended and w.kind = 'single' then 1 end,
           started_at      = case when t.remaining_deps = w.ended and w.kind = 'single' then p_now end
      from waiting w
     where t.run_id = w.run_id and t.step_slug = w.step_slug and t.status = 'created'
    returning t.run_id, t.step_slug, t.status, t.remaining_deps, w.queue, w.available_at, w.home_epoch, w.written_tick, w.residency
  ), task as (
    insert into workflow.step_tasks as k (run_id, step_slug, task_index, residency, home_epoch, written_tick, status, available_at, created_at)
    select c.run_id, c.step_slug, 0, c.residency, c.home_epoch, c.written_tick, 'queued', c.available_at, p_now
      from counted c
     where c.status = 'started'
    on conflict (run_id, step_slug, task_index, residency) do update  -- a retried run meets its former tasks: attempt goes on rising
       set status = 'queued', failures = 0, available_at = excluded.available_at, worker_id = null, output = null, error = null,
           started_at = null, finished_at = null, revision = k.revision + 1
  )
  select array_agg(row(c.queue, c.run_id, c.step_slug, 0, c.available_at)::workflow.outgoing_message) filter (where c.status = 'started'),
         array_agg(row(c.run_id, c.step_slug)::workflow.step_ref) filter (where c.status = 'created' and c.remaining_deps = 0)
    into messages, maps
    from counted c;
end $$;
