-- The steps of runs, to be written through: the laws of a step's row. How it works: lawful_runs.
create or replace view workflow.lawful_steps as
  select s.run_id, s.step_slug, s.residency, s.home_epoch, s.revision, s.written_tick, s.status, s.remaining_deps, s.initial_tasks,
         s.remaining_tasks, s.output_bytes, s.skip_reason, s.error, s.created_at, s.started_at, s.finished_at
    from workflow.step_states s
   where case
     when not (s.status in ('created', 'started', 'completed', 'failed', 'skipped', 'cancelled'))
       then workflow.break_law('step_states', 'step_status_known', to_jsonb(s))
     when not (s.skip_reason in ('handler_failed', 'dependency_skipped', 'condition_unmet'))
       then workflow.break_law('step_states', 'skip_reason_known', to_jsonb(s))
     when not (s.remaining_deps >= 0)
       then workflow.break_law('step_states', 'remaining_deps_in_range', to_jsonb(s))
     when not (s.remaining_tasks between 0 and s.initial_tasks)
       then workflow.break_law('step_states', 'remaining_tasks_in_range', to_jsonb(s))
     when not ((s.initial_tasks is null) = (s.remaining_tasks is null))
       then workflow.break_law('step_states', 'tasks_known_together', to_jsonb(s))
     when not ((s.finished_at is not null) = (s.status in ('completed', 'failed', 'skipped', 'cancelled')))
       then workflow.break_law('step_states', 'finished_iff_final', to_jsonb(s))
     when not ((s.skip_reason is not null) = (s.status = 'skipped'))
       then workflow.break_law('step_states', 'skipped_iff_reason', to_jsonb(s))
     when not (s.error is null or s.status in ('failed', 'skipped'))
       then workflow.break_law('step_states', 'only_a_failed_step_has_an_error', to_jsonb(s))
     when not (s.status <> 'failed' or s.error is not null)
       then workflow.break_law('step_states', 'a_failed_step_has_an_error', to_jsonb(s))
     when not (s.status not in ('started', 'completed') or s.remaining_deps = 0)
       then workflow.break_law('step_states', 'a_started_step_waits_for_nobody', to_jsonb(s))
     when not (s.status not in ('started', 'completed') or s.initial_tasks is not null and s.started_at is not null)
       then workflow.break_law('step_states', 'a_started_step_knows_its_tasks', to_jsonb(s))
     when not (s.status <> 'completed' or s.remaining_tasks = 0)
       then workflow.break_law('step_states', 'a_completed_step_has_no_tasks_left', to_jsonb(s))
     else true end
  with check option;
