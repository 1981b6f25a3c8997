-- Writes a schedule as it is given, over the row of its name where there is one (be it marked as deleted). Who calls has judged it and locked
-- the name. Returns it.
create or replace function workflow.store_schedule(p_schedule workflow.workflow_schedules)
  returns setof workflow.workflow_schedules
  language sql security definer
  set search_path = ''
as $$
  insert into workflow.workflow_schedules select p_schedule.*
  on conflict (tenant_id, name, residency) do update set
    (home_epoch, revision, written_tick, cron, time_zone, workflow, version, input, labels, priority, catch_up, catch_up_max, jitter_ms, paused,
     next_fire_at, due_at, last_slot_at, last_run_id, last_error, created_at, updated_at, deleted_at)
    = (excluded.home_epoch, excluded.revision, excluded.written_tick, excluded.cron, excluded.time_zone, excluded.workflow, excluded.version,
       excluded.input, excluded.labels, excluded.priority, excluded.catch_up, excluded.catch_up_max, excluded.jitter_ms, excluded.paused,
       excluded.next_fire_at, excluded.due_at, excluded.last_slot_at, excluded.last_run_id, excluded.last_error, excluded.created_at,
       excluded.updated_at, excluded.deleted_at)
  returning *
$$;
