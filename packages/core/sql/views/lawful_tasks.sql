-- The tasks of steps, to be written through: the laws of a task's row. How it works: lawful_runs.
create or replace view workflow.lawful_tasks as
  select t.run_id, t.step_slug, t.task_index, t.residency, t.home_epoch, t.revision, t.written_tick, t.status, t.attempt, t.failures,
         t.available_at, t.worker_id, t.output, t.error, t.created_at, t.started_at, t.finished_at
    from workflow.step_tasks t
   where case
     when not (t.status in ('queued', 'started', 'completed', 'failed', 'cancelled'))
       then workflow.break_law('step_tasks', 'task_status_known', to_jsonb(t))
     when not (t.task_index >= 0)
       then workflow.break_law('step_tasks', 'index_in_range', to_jsonb(t))
     when not (t.failures between 0 and t.attempt)
       then workflow.break_law('step_tasks', 'failures_never_exceed_attempts', to_jsonb(t))
     when not ((t.finished_at is not null) = (t.status in ('completed', 'failed', 'cancelled')))
       then workflow.break_law('step_tasks', 'finished_iff_final', to_jsonb(t))
     when not ((t.output is not null) = (t.status = 'completed'))
       then workflow.break_law('step_tasks', 'output_iff_completed', to_jsonb(t))
     when not (t.status not in ('started', 'completed') or t.worker_id is not null and t.started_at is not null)
       then workflow.break_law('step_tasks', 'held_while_started', to_jsonb(t))
     when not (t.status <> 'queued' or t.worker_id is null)
       then workflow.break_law('step_tasks', 'not_held_while_queued', to_jsonb(t))
     when not (t.status <> 'failed' or t.error is not null)
       then workflow.break_law('step_tasks', 'a_failed_task_has_an_error', to_jsonb(t))
     else true end
  with check option;
