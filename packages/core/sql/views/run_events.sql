-- The history of a run as events, one for each transition that its rows still tell: order by (at, rank). Ids are stable over reads; rank
-- puts causes before effects at the same instant: by the step's level, then by the kind of event. Transitions that a retry wrote over are gone; failed attempts never are.
create or replace view workflow.run_events as
  with event as (
    select r.run_id, 'run_created' as type, r.created_at as at, 0 as rank, null::text as step_slug, null::int as task_index, null::int as attempt,
           jsonb_build_object('workflow', r.workflow, 'tenant_id', r.tenant_id) as detail
      from workflow.workflow_runs r
    union all
    select r.run_id, 'run_started', r.started_at, 1, null, null, null, '{}' from workflow.workflow_runs r where r.started_at is not null
    union all
    select r.run_id, 'run_paused', r.paused_at, 8, null, null, null, '{}' from workflow.workflow_runs r where r.paused_at is not null
    union all
    select r.run_id, 'run_' || r.status, r.finished_at, 9, null, null, null, jsonb_strip_nulls(jsonb_build_object('error', r.error))
      from workflow.workflow_runs r where r.finished_at is not null
    union all
    select s.run_id, 'step_started', s.started_at, 2, s.step_slug, null, null, jsonb_build_object('tasks', s.initial_tasks)
      from workflow.step_states s where s.started_at is not null
    union all
    select s.run_id, 'step_' || s.status, s.finished_at, 7, s.step_slug, null, null,
           jsonb_strip_nulls(jsonb_build_object('error', s.error, 'skip_reason', s.skip_reason))
      from workflow.step_states s where s.finished_at is not null
    union all
    select t.run_id, 'task_started', t.started_at, 3, t.step_slug, t.task_index, t.attempt, jsonb_build_object('worker_id', t.worker_id)
      from workflow.step_tasks t where t.started_at is not null
    union all
    select t.run_id, 'task_' || t.status, t.finished_at, 6, t.step_slug, t.task_index, t.attempt, jsonb_strip_nulls(jsonb_build_object('error', t.error))
      from workflow.step_tasks t where t.finished_at is not null
    union all
    select a.run_id, 'attempt_failed', a.failed_at, 5, a.step_slug, a.task_index, a.attempt,
           jsonb_build_object('error', a.error, 'reported', a.reported, 'worker_id', a.worker_id)
      from workflow.step_attempts a
  )
  select e.run_id,
         to_char(e.at at time zone 'utc', 'YYYYMMDDHH24MISSUS') || '-' || e.rank || '-' || e.type
           || coalesce('-' || e.step_slug, '') || coalesce('-' || e.task_index, '') || coalesce('-' || e.attempt, '') as event_id,
         e.at, (case when e.rank = 9 then 32767 else coalesce(s.step_level, 0) * 10 + e.rank end)::smallint as rank, e.type, e.step_slug, e.task_index, e.attempt, e.detail
    from event e
    join workflow.workflow_runs r on r.run_id = e.run_id
    left join workflow.workflow_steps s on s.definition_id = r.definition_id and s.step_slug = e.step_slug;
