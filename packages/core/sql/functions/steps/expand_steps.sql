-- Gives steps that wait for nobody their tasks: a single step one, a map step one for each element of its source. An empty array completes
-- the step at once, a skipped source skips it, a source that is no array or has too many elements fails step and run by name (the source
-- stays completed). The caller holds the runs' locks. ended: steps that need no task; failed: runs to close.
create or replace function workflow.expand_steps(
    p_steps workflow.step_ref[], p_now timestamptz,
    out messages workflow.outgoing_message[], out ended workflow.step_ref[], out failed workflow.run_closing[])
  language plpgsql security definer
  set search_path = ''
  set plan_cache_mode = force_generic_plan
  set enable_seqscan = off
  set enable_hashjoin = off
  set enable_mergejoin = off
  set join_collapse_limit = 1
as $$
declare
  v_max bigint := workflow.limit_of('map_elements_max');
begin
  with ready as materialized (
    select r.run_id, r.residency, r.home_epoch, r.written_tick, p.step_slug, workflow.pgmq_name((w.s).queue, r.priority) as queue,
           p_now + (w.s).start_delay_ms * interval '1 millisecond' as available_at, size.skipped, size.elements, size.error
      from unnest(p_steps) p
      join workflow.workflow_runs r on r.run_id = p.run_id
     cross join lateral (select x from workflow.workflow_steps x where x.definition_id = r.definition_id and x.step_slug = p.step_slug limit 1) w(s)
     cross join lateral workflow.step_size(r.run_id, w.s) size
  ), judged as materialized (
    select y.*, f.failure,
           case when y.skipped then 'skipped' when f.failure is not null then 'failed' when y.elements = 0 then 'completed' else 'started' end as status
      from ready y
     cross join lateral (select coalesce(y.error, case when y.elements > v_max then jsonb_build_object('code', 'map_too_large', 'step', y.step_slug,
       'message', format('map step %s would have %s tasks; at most %s are allowed', y.step_slug, y.elements, v_max)) end) as failure) f
  ), state as (
    update workflow.lawful_steps t
       set status = j.status, revision = t.revision + 1, error = j.failure,
           skip_reason     = case when j.status = 'skipped' then 'dependency_skipped' end,
           initial_tasks   = case when j.status in ('started', 'completed') then j.elements end,
           remaining_tasks = case when j.status in ('started', 'completed') then j.elements end,
           started_at      = case when j.status in ('started', 'completed') then p_now end,
           finished_at     = case when j.status <> 'started' then p_now end
      from judged j
     where t.run_id = j.run_id and t.step_slug = j.step_slug and t.status = 'created'
  ), task as (
    insert into workflow.lawful_tasks as k (run_id, step_slug, task_index, residency, home_epoch, written_tick, status, available_at, created_at)
    select j.run_id, j.step_slug, i.task_index, j.residency, j.home_epoch, j.written_tick, 'queued', j.available_at, p_now
      from judged j, generate_series(0, j.elements - 1) i(task_index)
     where j.status = 'started'
    on conflict (run_id, step_slug, task_index, residency) do update  -- a retried run meets its former tasks: attempt goes on rising
       set status = 'queued', failures = 0, available_at = excluded.available_at, worker_id = null, output = null, error = null,
           started_at = null, finished_at = null, revision = k.revision + 1
  )
  select (select array_agg(row(j.queue, j.run_id, j.step_slug, i.task_index, j.available_at)::workflow.outgoing_message)
            from judged j, generate_series(0, j.elements - 1) i(task_index) where j.status = 'started'),
         array_agg(row(j.run_id, j.step_slug)::workflow.step_ref) filter (where j.status in ('completed', 'skipped')),
         array_agg(row(j.run_id, 'failed', j.failure)::workflow.run_closing) filter (where j.status = 'failed')
    into messages, ended, failed
    from judged j;
end $$;
